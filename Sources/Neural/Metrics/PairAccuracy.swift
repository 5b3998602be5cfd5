/// The weighted share of rows whose other side is nearer than that of every other row: of batches of duplicates, as
/// `TripletLoss` takes them. NaN when all weights are 0.
///
///     x₁, x₂   [batch, depth]  the vectors of the two sides
///     y        [batch, batch]  their scores `x₁ x₂ᵀ`, where these are given instead
///     weights  [batch]
///
/// It depends on the batches, as the loss does: more rows are harder.
public struct PairAccuracy: Metric {
  /// The metric; it has no options.
  public init() {}

  public var name: String { "PairAccuracy" }
  public var targetKind: TargetKind { .duplicates }

  public func counts(_ outputs: [Tensor], targets: Tensor, weights: Tensor) -> [Double] {
    counts(outputs[0].matmul(outputs[1], transposeOther: true), targets: targets, weights: weights)
  }

  /// The weights of the rows that are right, and of all.
  public func counts(_ y: Tensor, targets: Tensor, weights: Tensor) -> [Double] {
    var (right, total) = (0.0, 0.0)
    let scores = y.values
    for (row, weight) in weights.values.enumerated() where weight != 0 {
      let line = scores[row * y.depth..<(row + 1) * y.depth]
      let positive = line[line.startIndex + row]
      total += Double(weight)
      if line.indices.allSatisfy({ $0 == line.startIndex + row || line[$0] < positive }) { right += Double(weight) }
    }
    return [right, total]
  }

  public func value(of sums: [Double]) -> Double { share(sums[0], of: sums[1]) }
}
