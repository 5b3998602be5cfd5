import Neural

extension ClassificationReport {
  /// What the probabilities of all classes tell beyond the predictions.
  package struct ProbabilityFigures {
    /// The mean of −log p of the label, in nats, and of the squared distance of the probabilities from 0 and 1: of two
    /// classes of the second's, of more the sum over the classes. Sources: scikit-learn's `log_loss`; G. Brier,
    /// Verification of forecasts expressed in terms of probability, 1950.
    let logLoss: Double, brierScore: Double
    /// The curves of the classes, each against the rest.
    package let curves: [Curve]

    /// A class against the rest.
    package struct Curve {
      /// The class.
      let label: Int
      let name: String
      let summary: ScoreSummary
    }

    /// The means over the classes for which they are defined; nil if there is none.
    package var rocAUC: Double? { ScoreSummary.mean(curves.map(\.summary)) { $0.rocAUC } }
    package var averagePrecision: Double? { ScoreSummary.mean(curves.map(\.summary)) { $0.averagePrecision } }

    /// Which classes the figures of the curves are of.
    var remark: String {
      curves.count == 1
        ? "of class \(curves[0].name)" : "each class against the rest, mean of the classes"
    }
  }

  /// The figures, if all records tell the probabilities of all classes.
  package var figures: ProbabilityFigures? {
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
