import Random

/// One step of a long short-term memory. Its state is c and h side by side.
///
///     x       [batch, depth]                  state, state'  [batch, 2 units] = [c, h]
///     kernel  [depth + units, 4 units]        bias           [4 units]
///
///     i, j, f, o  =  [x, h] · kernel + bias
///     c'          =  σ(f) c + σ(i) tanh j
///     h'          =  σ(o) tanh c'
///
/// It gives h' and the state [c', h']. The kernel starts with Glorot's uniform numbers, the bias with normal ones of
/// deviation 1e-6, moved by `forgetBias` (the whole bias, as in Trax).
///
/// Source: S. Hochreiter, J. Schmidhuber, Long Short-Term Memory, 1997; Trax `LSTMCell`.
public struct LSTMCell: RecurrentCell, DeclaredLayer {
  /// The depth of c and of h.
  public internal(set) var units: Int
  /// What the bias starts with.
  public internal(set) var forgetBias: Float
  /// The kernel of all gates, `[inputDepth + units, 4 units]`.
  public var kernel = Tensor.empty
  /// The bias of all gates, `[4 units]`.
  public var bias = Tensor.empty

  /// - Parameters:
  ///   - units: The depth of the output; the state is twice as deep.
  ///   - forgetBias: What is added to the forget gate's sum.
  public init(_ units: Int, forgetBias: Float = 1) {
    self.units = units
    self.forgetBias = forgetBias
  }

  public var stateDepth: Int { 2 * units }
  public static let declaration = Declaration(
    "LSTMCell", LSTMCell(1), .integer("units", \.units) { $0.units = $1 },
    .number("forget_bias", \.forgetBias, .any) { $0.forgetBias = $1 })

  public var name: String { counted("LSTMCell_\(units)") }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    let rows = try inputDepth(inputs) + units
    return try LayerPlan(
      name, outputs: [[inputs[0][0], units], inputs[1]],
      weights: [("kernel", [rows, 4 * units]), ("bias", [4 * units])], inside: 6)
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] { try fittingPlan(inputs).outputs }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    let depth = try inputDepth(inputs)
    let keys = key.split()
    kernel = glorotUniform([depth + units, 4 * units], keys[0])
    bias = randomNormal(1e-6)([4 * units], keys[1]).map { $0 + forgetBias }
    return try outputShapes(inputs)
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let x = inputs[0]
    let depth = x.depth
    func part(_ tensor: Tensor, _ index: Int) -> Tensor { tensor.slice(axis: 1, index * units..<(index + 1) * units) }
    let (c, h) = (part(inputs[1], 0), part(inputs[1], 1))
    let joined = Tensor.concatenate([x, h])
    let y = joined.matmul(kernel).addingToRows(bias)
    let (i, f, o) = (Sigmoid().forward(part(y, 0)), Sigmoid().forward(part(y, 2)), Sigmoid().forward(part(y, 3)))
    let j = Tanh().forward(part(y, 1))
    let newC = f.output.zip(c, *).zip(i.output.zip(j.output, *), +)
    let memory = Tanh().forward(newC)
    let newH = o.output.zip(memory.output, *)

    return Forward(outputs: [newH, .concatenate([newC, newH])]) { [kernel, units] dys in
      let dh = dys[0].zip(part(dys[1], 1), +)
      let dc = part(dys[1], 0).zip(memory.backward(dh.zip(o.output, *)).input, +)
      let dy = Tensor.concatenate([
        i.backward(dc.zip(j.output, *)).input, j.backward(dc.zip(i.output, *)).input, f.backward(dc.zip(c, *)).input,
        o.backward(dh.zip(memory.output, *)).input,
      ])
      let dJoined = dy.matmul(kernel, transposeOther: true)
      let dState = Tensor.concatenate([dc.zip(f.output, *), dJoined.slice(axis: 1, depth..<depth + units)])
      return Gradients(
        inputs: [dJoined.slice(axis: 1, 0..<depth), dState],
        weights: [.dense(joined.matmul(dy, transposeSelf: true)), .dense(dy.columnSums())])
    }
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("kernel", &kernel)
    try visit("bias", &bias)
  }
}
