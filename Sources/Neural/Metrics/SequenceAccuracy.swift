/// The share of sequences all of whose targets that count are at the largest outputs. Targets and weights are
/// `[batch, time]`.
///
/// Source: Trax `MaskedSequenceAccuracy`. Trax's `SequenceAccuracy`, meant for weights of 0 and 1, is the same for them.
public struct MaskedSequenceAccuracy: Metric {
  public init() {}

  public var name: String { "MaskedSequenceAccuracy" }

  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> Float {
    let sequences = targets.shape.first ?? 0
    guard sequences > 0 else { return 0 }
    var isRight = [Bool](repeating: true, count: sequences)
    let predictions = y.argmax()
    forEachTarget(y, targets, weights) { row, target, _ in
      if predictions[row] != target { isRight[row / (targets.count / sequences)] = false }
    }
    return Float(isRight.count { $0 }) / Float(sequences)
  }
}

/// The share of sequences that are right; a wrong target takes as much away as it weighs, at most the whole sequence.
/// Source: Trax `SequenceAccuracy`.
public struct SequenceAccuracy: Metric {
  public init() {}

  public var name: String { "SequenceAccuracy" }

  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> Float {
    let sequences = targets.shape.first ?? 0
    guard sequences > 0 else { return 0 }
    var wrong = [Float](repeating: 0, count: sequences)
    let predictions = y.argmax()
    forEachTarget(y, targets, weights) { row, target, weight in
      if predictions[row] != target { wrong[row / (targets.count / sequences)] += weight }
    }
    return wrong.reduce(0) { $0 + 1 - min(1, $1) } / Float(sequences)
  }
}
