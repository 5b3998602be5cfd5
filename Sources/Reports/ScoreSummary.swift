/// ROC and precision-recall curves of scores, and the areas under them.
public struct ScoreSummary: Sendable {
  /// The points of all thresholds, from the highest.
  public let points: [ScoreCounts.Point]
  /// The examples of the class and of the others.
  public let positives: Int, negatives: Int
  /// The area under the ROC curve: how often an example of the class has the higher score of one of it and one of
  /// another, a tie counting one half. Nil without examples of either kind. Source: T. Fawcett, An introduction to ROC
  /// analysis, 2006.
  public let rocAUC: Double?
  /// The precision at every threshold, weighted by the recall that it adds: `Σₙ (Rₙ − Rₙ₋₁) Pₙ`. Nil without examples of
  /// the class. Source: scikit-learn's `average_precision_score`.
  public let averagePrecision: Double?

  /// - Parameter points: From the highest threshold, as `ScoreCounts` gives them.
  init(_ points: [ScoreCounts.Point]) {
    self.points = points
    (positives, negatives) = points.last.map { ($0.truePositives, $0.falsePositives) } ?? (0, 0)
    // Trapezoids of whole numbers, and their sum exact up to 2⁵³.
    var (twiceTheArea, precisions) = (0.0, 0.0)
    var (truePositives, falsePositives) = (0, 0)
    for point in points {
      let (newTrue, newFalse) = (point.truePositives - truePositives, point.falsePositives - falsePositives)
      twiceTheArea += Double(newFalse) * Double(truePositives + point.truePositives)
      precisions += Double(newTrue) * point.precision
      (truePositives, falsePositives) = (point.truePositives, point.falsePositives)
    }
    rocAUC = positives > 0 && negatives > 0 ? twiceTheArea / 2 / Double(positives) / Double(negatives) : nil
    averagePrecision = positives > 0 ? precisions / Double(positives) : nil
  }

  /// The lowest threshold from which on the precision is `precision` or more, and the recall there; nil where none is.
  public func threshold(forPrecision precision: Double) -> (threshold: Double, recall: Double)? {
    guard positives > 0, let point = points.last(where: { $0.precision >= precision }) else { return nil }
    return (point.threshold, Double(point.truePositives) / Double(positives))
  }

  /// The mean of a figure over the curves for which it is defined; nil if there is none.
  static func mean(_ curves: [ScoreSummary], _ figure: (ScoreSummary) -> Double?) -> Double? {
    let values = curves.compactMap(figure)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// The ROC curve, from (0, 0): the share of the others, and of the class, with a score of the threshold or more.
  /// Points that lie too near for a picture are left out.
  package var roc: [(x: Double, y: Double)] {
    guard positives > 0, negatives > 0 else { return [] }
    return thinned(
      [(0, 0)]
        + points.map { (Double($0.falsePositives) / Double(negatives), Double($0.truePositives) / Double(positives)) })
  }

  /// The precision over the recall, from the highest threshold; thinned, too.
  package var precisionOverRecall: [(x: Double, y: Double)] {
    guard positives > 0 else { return [] }
    return thinned(points.map { (Double($0.truePositives) / Double(positives), $0.precision) })
  }
}

/// The points without those that are nearer than a five hundredth to the one kept before; the last stays.
private func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
  var result: [(x: Double, y: Double)] = []
  for (index, point) in points.enumerated() {
    if let last = result.last, index < points.count - 1,
      max(abs(point.x - last.x), abs(point.y - last.y)) < 0.002
    {
      continue
    }
    result.append(point)
  }
  return result
}
