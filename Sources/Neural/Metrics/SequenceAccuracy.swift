/// The share of sequences all of whose targets that count are at the largest outputs. Targets and weights are
/// `[batch, time]`; sequences none of whose targets counts are left out, and NaN stands for the share of none.
///
/// Source: Trax `MaskedSequenceAccuracy`. Trax's `SequenceAccuracy`, meant for weights of 0 and 1, is the same for
/// them.
public struct MaskedSequenceAccuracy: Metric {
  /// The metric; it has no options.
  public init() {}

  public var name: String { "MaskedSequenceAccuracy" }

  /// The number of sequences that are right, and of all.
  public func counts(_ y: Tensor, targets: Tensor, weights: Tensor) -> [Double] {
    let wrong = wrongWeights(y, targets, weights)
    return [Double(wrong.count { $0 == 0 }), Double(wrong.count)]
  }

  public func value(of sums: [Double]) -> Double { share(sums[0], of: sums[1]) }
}

/// The share of sequences that are right; a wrong target takes as much away as it weighs, at most the whole sequence.
/// Source: Trax `SequenceAccuracy`.
public struct SequenceAccuracy: Metric {
  /// The metric; it has no options.
  public init() {}

  public var name: String { "SequenceAccuracy" }

  /// The sum of how right the sequences are, and their number.
  public func counts(_ y: Tensor, targets: Tensor, weights: Tensor) -> [Double] {
    let wrong = wrongWeights(y, targets, weights)
    return [wrong.reduce(0) { $0 + 1 - min(1, Double($1)) }, Double(wrong.count)]
  }

  public func value(of sums: [Double]) -> Double { share(sums[0], of: sums[1]) }
}

/// The weight of the wrong targets of every sequence that has targets which count.
private func wrongWeights(_ y: Tensor, _ targets: Tensor, _ weights: Tensor) -> [Float] {
  let sequences = targets.shape.first ?? 0
  var wrong = [Float?](repeating: nil, count: sequences)
  let predictions = y.predictions(of: targets)
  forEachTarget(y, targets, weights) { row, target, weight in
    let sequence = row / (y.rows / sequences)
    wrong[sequence] = (wrong[sequence] ?? 0) + (predictions[row] == target ? 0 : weight)
  }
  return wrong.compactMap { $0 }
}
