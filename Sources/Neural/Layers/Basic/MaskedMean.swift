/// The mean over time of the steps that a mask lets count, so that padding changes nothing: `y = Σ m x / Σ m`.
///
///     x     [batch, time, depth]
///     mask  [batch, time]         1 for what counts, 0 for padding: `PaddingMask` of ids
///     y     [batch, depth]        0 where nothing counts
///
/// On the stack x comes first: `Branch[Embedding(256) PaddingMask] MaskedMean`.
public struct MaskedMean: DeclaredLayer {
  /// The mean over time of what a mask keeps.
  public init() {}

  public var inputCount: Int { 2 }
  public static let declaration = Declaration("MaskedMean", MaskedMean())

  public var name: String { counted("MaskedMean") }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    guard inputs[0].count == 3, inputs[1] == Array(inputs[0].prefix(2)) else {
      throw LayerError("\(name) takes [batch, time, depth] and [batch, time], not \(inputs)")
    }
    return [[inputs[0][0], inputs[0][2]]]
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let (x, mask) = (inputs[0], inputs[1])
    let (batch, time, depth) = (x.shape[0], x.shape[1], x.shape[2])
    // Every step's share of its row's mean.
    let shares = mask.mapLines(along: 1) { mask, share in
      let sum = mask.reduce(0, +)
      for index in mask.indices { share[index] = sum > 0 ? mask[index] / sum : 0 }
    }
    let y = x.withValues { x in
      shares.withValues { shares in
        Tensor(shape: [batch, depth]) { y in
          y.update(repeating: 0)
          for step in 0..<batch * time where shares[step] != 0 {
            for index in 0..<depth { y[step / time * depth + index] += shares[step] * x[step * depth + index] }
          }
        }
      }
    }
    return Forward(outputs: [y]) { dys in
      let dx = dys[0].withValues { dy in
        shares.withValues { shares in
          Tensor(shape: x.shape) { dx in
            for step in 0..<batch * time {
              for index in 0..<depth { dx[step * depth + index] = shares[step] * dy[step / time * depth + index] }
            }
          }
        }
      }
      // A mask is no number that is learned.
      return Gradients(inputs: [dx, Tensor(repeating: 0, shape: mask.shape)])
    }
  }
}
