import Neural

extension ClassificationReport {
  /// What the probabilities of all classes tell beyond the predictions.
  struct ProbabilityFigures {
    /// The mean of −log p of the label, in nats, and of the squared distance of the probabilities from 0 and 1: of two
    /// classes of the second's, of more the sum over the classes. Sources: scikit-learn's `log_loss`; G. Brier,
    /// Verification of forecasts expressed in terms of probability, 1950.
    let logLoss: Double, brierScore: Double
    /// The curves of the classes, each against the rest.
    let curves: [Curve]

    /// A class against the rest.
    struct Curve {
      /// The class.
      let label: Int
      let name: String
      let summary: ScoreSummary
    }

    /// The means over the classes for which they are defined; nil if there is none.
    var rocAUC: Double? { mean { $0.rocAUC } }
    var averagePrecision: Double? { mean { $0.averagePrecision } }

    private func mean(_ figure: (ScoreSummary) -> Double?) -> Double? {
      let values = curves.compactMap { figure($0.summary) }
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// Which classes the figures of the curves are of.
    var remark: String {
      curves.count == 1
        ? "of class \(curves[0].name)" : "each class against the rest, mean of the classes"
    }
  }

  /// The figures, if all records tell the probabilities of all classes.
  var figures: ProbabilityFigures? {
    guard scored > 0, scored == records else { return nil }
    return ProbabilityFigures(
      logLoss: logLosses.value / Double(scored), brierScore: brierScores.value / Double(scored),
      curves: zip(curveClasses, scores).map { .init(label: $0, name: names[$0], summary: $1.summary) })
  }

  /// Why there are no figures where there are none.
  var lackOfFigures: String {
    "\(scored) of \(records) records tell the probabilities of all classes: "
      + "there is a log loss, and there are curves, only if all do"
  }
}
