import JSONLines
import Neural

extension ClassificationReport {
  /// The whole report as one JSON object.
  public var json: [UInt8] {
    var json: [UInt8] = []
    json.appendRecord { report in
      report.add("accuracy", matrix.total > 0 ? matrix.accuracy : .nan)
      report.add("records", matrix.total)
      report.add("abstentions", abstentions)
      report.add("classes") { output in
        output.appendJSON(list: rows(names.indices)) { output, row in
          output.appendObject { object in
            object.add("name", row.name)
            for (column, metric) in zip(columns, row.metrics) { object.add(column.name.lowercased(), metric) }
            object.add("records", row.records)
          }
        }
      }
      addConfusions(to: &report)
      report.add("expected_calibration_error", calibration.expectedError)
      report.add("reliability") { output in
        output.appendJSON(list: calibration.bins) { output, bin in
          output.appendJSON(list: [bin.low, bin.high, bin.confidence, bin.accuracy, Double(bin.count)]) {
            $0.appendJSON($1)
          }
        }
      }
    }
    return json
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
}
