import JSONLines
import Neural

extension ClassificationReport {
  /// The whole report as one JSON object. Its last field, `counts`, is for `init(json:)`.
  public var json: [UInt8] {
    let figures = figures
    var json: [UInt8] = []
    json.appendRecord { report in
      report.add("accuracy", matrix.total > 0 ? matrix.accuracy : .nan)
      report.add("records", matrix.total)
      report.add("abstentions", abstentions)
      if let figures {
        report.add("log_loss", figures.logLoss)
        report.add("brier_score", figures.brierScore)
        if !figures.curves.isEmpty {
          report.add("roc_auc", figures.rocAUC ?? .nan)
          report.add("average_precision", figures.averagePrecision ?? .nan)
        }
      }
      report.add("classes") { output in
        output.appendJSON(list: rows(names.indices)) { output, row in
          output.appendObject { object in
            object.add("name", row.name)
            for (column, metric) in zip(columns, row.metrics) { object.add(column.name.lowercased(), metric) }
            object.add("records", row.records)
          }
        }
      }
      if let figures, !figures.curves.isEmpty { addCurves(figures.curves, to: &report) }
      addConfusions(to: &report)
      report.add(calibration)
      addWorstErrors(to: &report)
      addCounts(to: &report)
    }
    return json
  }

  /// Adds the areas under the curves of each class against the rest, and the threshold for the precision asked for.
  private func addCurves(_ curves: [ProbabilityFigures.Curve], to report: inout JSONObjectWriter) {
    report.add("curves") { output in
      output.appendJSON(list: curves) { output, curve in
        output.appendCurve(name: curve.name, curve.summary, precisionTarget: precisionTarget)
      }
    }
  }

  private func addWorstErrors(to report: inout JSONObjectWriter) {
    report.add("worst_errors") { output in
      output.appendJSON(list: worst.errors) { output, error in
        output.appendObject { object in
          object.add("label", error.label)
          object.add("prediction", error.prediction)
          object.add("probability", error.confidence)
          object.add("text", error.text)
        }
      }
    }
  }

  /// Adds the confusion matrix; of a large one, the cells that occur: label, prediction, records.
  private func addConfusions(to report: inout JSONObjectWriter) {
    if showsMatrix {
      report.add("confusion_matrix") { output in
        output.appendJSON(list: names.indices) { output, label in
          output.appendJSON(list: names.indices) { $0.appendJSON(matrix[label, $1]) }
        }
      }
    } else {
      let cells = matrix.cells.map { [$0.key.label, $0.key.prediction, $0.value] }
      report.add("confusion_cells") { output in
        output.appendJSON(list: cells.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }) { output, cell in
          output.appendJSON(list: cell) { $0.appendJSON($1) }
        }
      }
    }
  }

  /// Adds what reports are added from: exact sums, in units of 2⁻⁶⁴, and how often each probability occurs.
  private func addCounts(to report: inout JSONObjectWriter) {
    report.add(
      "counts",
      object: { counts in
        counts.add("version", Self.version)
        counts.add("worst", worst.limit)
        counts.add("scored", scored)
        counts.add("log_losses", "\(logLosses.units)")
        counts.add("brier_scores", "\(brierScores.units)")
        counts.add(countsOf: calibration)
        counts.add("scores") { $0.appendJSON(list: scores) { output, scores in output.appendJSON(scores) } }
      })
  }

  /// The version of what `counts` holds.
  static let version = 1
}

extension JSONObjectWriter {
  /// Adds what is said of how right and how sure a model is: each bin's ends, mean, share that is right, and number.
  mutating func add(_ calibration: Calibration) {
    add("expected_calibration_error", calibration.expectedError)
    add("reliability") { output in
      output.appendJSON(list: calibration.bins) { output, bin in
        output.appendJSON(list: [bin.low, bin.high, bin.confidence, bin.accuracy, Double(bin.count)]) {
          $0.appendJSON($1)
        }
      }
    }
  }

  /// Adds what else calibrations are added from.
  mutating func add(countsOf calibration: Calibration) {
    add("right") { $0.appendJSON(list: calibration.bins) { $0.appendJSON($1.right) } }
    add("confidences") { $0.appendJSON(list: calibration.bins) { $0.appendJSON("\($1.confidences.units)") } }
  }
}

extension [UInt8] {
  /// Appends what is said of a class's curves.
  mutating func appendCurve(name: String, _ summary: ScoreSummary, precisionTarget: Double?) {
    appendObject { object in
      object.add("name", name)
      object.add("roc_auc", summary.rocAUC ?? .nan)
      object.add("average_precision", summary.averagePrecision ?? .nan)
      guard let precisionTarget else { return }
      let found = summary.threshold(forPrecision: precisionTarget)
      object.add(
        "precision_target",
        object: {
          $0.add("precision", precisionTarget)
          $0.add("threshold", found?.threshold ?? .nan)
          $0.add("recall", found?.recall ?? .nan)
        })
    }
  }

  /// Appends how often each score occurs.
  mutating func appendJSON(_ scores: ScoreCounts) {
    let (entries, lostDigits) = scores.held
    appendObject { object in
      object.add("lost_digits", lostDigits)
      object.add("scores") { $0.appendJSON(list: entries) { $0.appendJSON($1.score) } }
      object.add("negatives") { $0.appendJSON(list: entries) { $0.appendJSON($1.negatives) } }
      object.add("positives") { $0.appendJSON(list: entries) { $0.appendJSON($1.positives) } }
    }
  }
}
