/// The weighted share of rows whose largest output is at the target. Source: Trax `Accuracy`.
public struct Accuracy: Sendable {
  public init() {}

  /// The accuracy; 0 when all weights are 0.
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

extension Tensor {
  /// The place of the largest number of every row; of equals the first.
  public func argmax() -> [Int] {
    withValues { values in
      (0..<rows).map { row in
        var best = row * depth
        for index in best..<(row + 1) * depth where values[index] > values[best] { best = index }
        return best - row * depth
      }
    }
  }
}
