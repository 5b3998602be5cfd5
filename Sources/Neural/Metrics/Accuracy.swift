/// The weighted share of rows whose largest output is at the target; NaN when all weights are 0. Source: Trax
/// `Accuracy`.
public struct Accuracy: Metric {
  /// The metric; it has no options.
  public init() {}

  public var name: String { "Accuracy" }

  /// The weights of the rows that are right, and of all.
  public func counts(_ y: Tensor, targets: Tensor, weights: Tensor) -> [Double] {
    var right = 0.0
    var total = 0.0
    let predictions = y.predictions(of: targets)
    forEachTarget(y, targets, weights) { row, target, weight in
      total += Double(weight)
      if predictions[row] == target { right += Double(weight) }
    }
    return [right, total]
  }

  public func value(of sums: [Double]) -> Double { share(sums[0], of: sums[1]) }
}
