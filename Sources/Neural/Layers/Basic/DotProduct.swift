/// The dot product of two rows, for every row: `y[b] = Σ x₁[b, :] x₂[b, :]`. Behind `Normalize` that is the cosine.
///
///     x₁, x₂  [batch, depth]
///     y       [batch, 1]
public struct DotProduct: DeclaredLayer {
  /// The dot products of rows.
  public init() {}

  public var inputCount: Int { 2 }
  public static let declaration = Declaration("DotProduct", DotProduct())

  public var name: String { counted("DotProduct") }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    guard inputs[0].count == 2, inputs[1] == inputs[0] else {
      throw LayerError("\(name) takes twice [batch, depth], not \(inputs)")
    }
    return [[inputs[0][0], 1]]
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let (a, b) = (inputs[0], inputs[1])
    return Forward(outputs: [a.zip(b, *).sum(axis: 1, keepsDimensions: true)]) { dys in
      let dy = dys[0].broadcast(to: a.shape)
      return Gradients(inputs: [b.zip(dy, *), a.zip(dy, *)])
    }
  }
}
