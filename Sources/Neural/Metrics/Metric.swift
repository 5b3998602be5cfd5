/// A figure of a model's outputs and their targets that people read.
///
///     y        [..., classes]  scores or log probabilities
///     targets  [...]           classes as exact floats
///     weights  [...]           0 for padding, which counts for nothing
public protocol Metric: Sendable {
  /// The name, as in Trax.
  var name: String { get }

  func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> Float
}

extension Metric {
  /// The name in reports: `sequence_accuracy` for `SequenceAccuracy`.
  public var key: String {
    var key = ""
    for character in name where character.isLetter {
      if character.isUppercase, !key.isEmpty, key.last != "_" { key += "_" }
      key += character.lowercased()
    }
    return key
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
