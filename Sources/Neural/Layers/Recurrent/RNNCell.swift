import Random

/// One step of a plain recurrent network: `h' = f([h, x] · kernel + bias)`.
///
///     x       [batch, depth]            h, h'  [batch, units]
///     kernel  [units + depth, units]    bias   [units]
///
/// f is the hyperbolic tangent, or the logistic function as in the course's NumPy lab. It gives h' twice: as output and
/// as the state of the next step. Source: J. L. Elman, Finding Structure in Time, 1990.
public struct RNNCell: RecurrentCell, DeclaredLayer {
  /// The activation function.
  public enum Activation: String, Sendable, CaseIterable {
    /// The hyperbolic tangent.
    case tanh
    /// The logistic function.
    case sigmoid
  }

  /// The depth of the state.
  public internal(set) var units: Int
  /// The activation function.
  public internal(set) var activation: Activation
  /// The kernel of input and state, `[inputDepth + units, units]`.
  public var kernel = Tensor.empty
  /// The bias, `[units]`.
  public var bias = Tensor.empty

  /// - Parameters:
  ///   - units: The depth of the state and of the output.
  ///   - activation: The activation function.
  public init(_ units: Int, activation: Activation = .tanh) {
    self.units = units
    self.activation = activation
  }

  public static let declaration = Declaration(
    "RNNCell", RNNCell(1), .integer("units", \.units) { $0.units = $1 },
    .choice("activation", \.activation) { $0.activation = $1 })

  public var name: String { counted("RNNCell_\(units)") }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    let rows = try inputDepth(inputs) + units
    return try LayerPlan(
      name, outputs: [inputs[1], inputs[1]], weights: [("kernel", [rows, units]), ("bias", [units])],
      inside: 1)
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] { try fittingPlan(inputs).outputs }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    let depth = try inputDepth(inputs)
    let keys = key.split()
    kernel = glorotUniform([units + depth, units], keys[0])
    bias = randomNormal(1e-6)([units], keys[1])
    return try outputShapes(inputs)
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let joined = Tensor.concatenate([inputs[1], inputs[0]])
    let sum = joined.matmul(kernel).addingToRows(bias)
    let new = activation == .tanh ? Tanh().forward(sum) : Sigmoid().forward(sum)
    return Forward(outputs: [new.output, new.output]) { [kernel, units] dys in
      let dSum = new.backward(dys[0].zip(dys[1], +)).input
      let dJoined = dSum.matmul(kernel, transposeOther: true)
      return Gradients(
        inputs: [dJoined.slice(axis: 1, units..<dJoined.depth), dJoined.slice(axis: 1, 0..<units)],
        weights: [.dense(joined.matmul(dSum, transposeSelf: true)), .dense(dSum.columnSums())])
    }
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("kernel", &kernel)
    try visit("bias", &bias)
  }
}
