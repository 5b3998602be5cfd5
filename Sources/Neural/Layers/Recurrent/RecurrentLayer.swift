import Random

/// A cell run over a whole sequence from a state of zeros; the last state is dropped.
///
///     x  [batch, time, depth]
///     y  [batch, time, units]
///
/// A pass that continues the last one, as in mode predict, goes on where it ended. `GRU`, `LSTM` and `RNN` are
/// recurrent layers of their cells.
public protocol RecurrentLayer: UnaryLayer {
  /// What is done at every step.
  associatedtype Cell: RecurrentCell
  /// The cell over time.
  var scan: Scan<Cell> { get set }
}

extension RecurrentLayer {
  private var stateDepth: Int { scan.cell.stateDepth }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    let input = try checked(inputs[0])
    let plan = try scan.plan([input, [input[0], stateDepth]])
    return try LayerPlan(name, of: plan, times: 1, outputs: [plan.outputs[0]])
  }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] {
    try scan.outputShapes([try checked(input), [input[0], stateDepth]])[0]
  }

  public mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int] {
    try scan.initialize([try checked(input), [input[0], stateDepth]], key: key)[0]
  }

  private func checked(_ input: [Int]) throws(LayerError) -> [Int] {
    guard input.count == 3 else { throw LayerError("\(name) takes inputs [batch, time, depth], not \(input)") }
    return input
  }

  public func forward(_ x: Tensor) -> Forward { forward([x], Pass()) }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let zeros = Tensor(repeating: 0, shape: [inputs[0].shape[0], stateDepth])
    let forward = scan.forward([inputs[0], zeros], pass)
    return Forward(outputs: [forward.output], state: forward.state) { dys in
      let gradients = forward.backward([dys[0], zeros])
      return Gradients(input: gradients.input, weights: gradients.weights)
    }
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try scan.visitWeights(visit)
  }

  public mutating func visitState(_ visit: (String, StateKind, inout Tensor) throws -> Void) rethrows {
    try scan.visitState(visit)
  }
}
