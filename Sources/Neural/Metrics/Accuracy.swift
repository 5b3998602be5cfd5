/// The weighted share of rows whose largest output is at the target; 0 when all weights are 0. Source: Trax `Accuracy`.
public struct Accuracy: Metric {
  public init() {}

  public var name: String { "Accuracy" }

  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> Float {
    var right: Float = 0
    var total: Float = 0
    let predictions = y.argmax()
    forEachTarget(y, targets, weights) { row, target, weight in
      total += weight
      if predictions[row] == target { right += weight }
    }
    return total > 0 ? right / total : 0
  }
}
