/// The mean of the classes' F scores, each class counting the same:
/// `F = (1 + beta²) · precision · recall / (beta² · precision + recall)`, 0 where it is not defined.
///
/// Source: Trax `MacroAveragedFScore`, which takes no weights; here examples count by theirs.
public struct MacroAveragedFScore: Metric {
  /// How much more recall counts than precision.
  public let beta: Float
  /// The first class that counts: 1 leaves class 0 out.
  public let firstClass: Int

  public init(beta: Float = 1, firstClass: Int = 0) {
    self.beta = beta
    self.firstClass = firstClass
  }

  public var name: String { "MacroAveragedFScore" }

  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> Float {
    let scores = fScores(y, targets, weights, beta: beta)[firstClass...]
    return scores.isEmpty ? 0 : scores.reduce(0) { $0 + $1.score } / Float(scores.count)
  }
}

/// The mean of the classes' F scores, each class counting by the weight of its targets. Source: Trax `WeightedFScore`.
public struct WeightedFScore: Metric {
  /// How much more recall counts than precision.
  public let beta: Float
  /// The first class that counts.
  public let firstClass: Int

  public init(beta: Float = 1, firstClass: Int = 0) {
    self.beta = beta
    self.firstClass = firstClass
  }

  public var name: String { "WeightedFScore" }

  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> Float {
    let scores = fScores(y, targets, weights, beta: beta)[firstClass...]
    let total = scores.reduce(0) { $0 + $1.support }
    return total > 0 ? scores.reduce(0) { $0 + $1.score * $1.support } / total : 0
  }
}

/// The F score and the weight of the targets of every class.
private func fScores(
  _ y: Tensor, _ targets: Tensor, _ weights: Tensor, beta: Float
) -> [(score: Float, support: Float)] {
  var right = [Float](repeating: 0, count: y.depth)
  var (predicted, support) = (right, right)
  let predictions = y.argmax()
  forEachTarget(y, targets, weights) { row, target, weight in
    support[target] += weight
    predicted[predictions[row]] += weight
    if predictions[row] == target { right[target] += weight }
  }
  return (0..<y.depth).map { k in
    // (1 + b²) p r / (b² p + r) with p = right / predicted and r = right / support
    let divisor = beta * beta * support[k] + predicted[k]
    return (divisor > 0 ? (1 + beta * beta) * right[k] / divisor : 0, support[k])
  }
}
