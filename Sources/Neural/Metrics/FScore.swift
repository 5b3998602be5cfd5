/// The mean of the classes' F scores, each class counting the same:
/// `F = (1 + beta²) · precision · recall / (beta² · precision + recall)`.
///
/// Classes that neither targets nor predictions hold have no F score and are left out, as scikit-learn's `f1_score`
/// leaves them out; a class never predicted right has 0. NaN when no class is there. Source: Trax
/// `MacroAveragedFScore`, which takes no weights and gives absent classes 0; here examples count by their weights.
public struct MacroAveragedFScore: Metric {
  /// How much more recall counts than precision.
  public let beta: Float
  /// The first class that counts: 1 leaves class 0 out.
  public let firstClass: Int

  /// - Parameters:
  ///   - beta: How many times as much recall counts as precision.
  ///   - firstClass: The first class that counts, 1 to leave out one of padding.
  public init(beta: Float = 1, firstClass: Int = 0) {
    self.beta = beta
    self.firstClass = firstClass
  }

  public var name: String { "MacroAveragedFScore" }

  public func counts(_ y: Tensor, targets: Tensor, weights: Tensor) -> [Double] { classCounts(y, targets, weights) }

  public func value(of sums: [Double]) -> Double {
    let scores = fScores(sums, beta: beta).dropFirst(firstClass).compactMap(\.score)
    return share(scores.reduce(0, +), of: Double(scores.count))
  }
}

/// The mean of the classes' F scores, each class counting by the weight of its targets; NaN when all weights are 0.
/// Source: Trax `WeightedFScore`.
public struct WeightedFScore: Metric {
  /// How much more recall counts than precision.
  public let beta: Float
  /// The first class that counts.
  public let firstClass: Int

  /// - Parameters:
  ///   - beta: How many times as much recall counts as precision.
  ///   - firstClass: The first class that counts, 1 to leave out one of padding.
  public init(beta: Float = 1, firstClass: Int = 0) {
    self.beta = beta
    self.firstClass = firstClass
  }

  public var name: String { "WeightedFScore" }

  public func counts(_ y: Tensor, targets: Tensor, weights: Tensor) -> [Double] { classCounts(y, targets, weights) }

  public func value(of sums: [Double]) -> Double {
    let scores = fScores(sums, beta: beta).dropFirst(firstClass)
    return share(
      scores.reduce(0) { $0 + ($1.score ?? 0) * $1.support }, of: scores.reduce(0) { $0 + $1.support })
  }
}

/// Of every class, the weight of the targets that were predicted right; then of every class that of all predictions of
/// it; then that of all its targets.
private func classCounts(_ y: Tensor, _ targets: Tensor, _ weights: Tensor) -> [Double] {
  let classes = y.depth
  var counts = [Double](repeating: 0, count: 3 * classes)
  let predictions = y.predictions(of: targets)
  forEachTarget(y, targets, weights) { row, target, weight in
    if predictions[row] == target { counts[target] += Double(weight) }
    counts[classes + predictions[row]] += Double(weight)
    counts[2 * classes + target] += Double(weight)
  }
  return counts
}

/// The F score of every class, nil of one that is not there, and the weight of its targets.
private func fScores(_ sums: [Double], beta: Float) -> [(score: Double?, support: Double)] {
  let (classes, square) = (sums.count / 3, Double(beta * beta))
  return (0..<classes).map { k in
    let (right, predicted, support) = (sums[k], sums[classes + k], sums[2 * classes + k])
    guard predicted + support > 0 else { return (nil, 0) }
    // (1 + b²) p r / (b² p + r) with p = right / predicted and r = right / support
    return ((1 + square) * right / (square * support + predicted), support)
  }
}
