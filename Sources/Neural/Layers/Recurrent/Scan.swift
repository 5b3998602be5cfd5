import Random

/// A cell applied step by step along time, handing its state on.
///
///     cell   (x [batch, depth], state [batch, ...])  →  (y [batch, units], state')
///     xs     [batch, time, depth]
///     state  [batch, ...]
///     ys     [batch, time, units], and the last state
///
/// The state at the end of a pass is carried: a pass that continues the last one, as those of mode predict do, begins
/// with it instead of the state given. Gradients do not go back beyond a pass. Source: Trax `Scan` along axis 1.
public struct Scan<Cell: Layer>: Layer {
  /// What is done at every step.
  public var cell: Cell
  /// The state at the end of the last pass; empty before the first.
  public var carry = Tensor.empty

  /// - Parameter cell: What is done at every step: input and state to output and next state.
  /// - Precondition: The cell takes two tensors and gives two.
  public init(_ cell: Cell) {
    precondition(cell.inputCount == 2 && cell.outputCount == 2, "\(cell.name) is no cell of input and state")
    self.cell = cell
  }

  public var inputCount: Int { 2 }
  public var outputCount: Int { 2 }
  public var name: String { counted("Scan") + "[\(cell.name)]" }
  public var expression: String { "Scan(\(cell.expression))" }
  public var sublayers: [any Layer] { [cell] }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    var step: LayerPlan?
    let outputs = try stepped(inputs) { steps throws(LayerError) in
      let plan = try cell.plan(steps)
      step = plan
      return plan.outputs
    }
    // Only the state that is handed on is carried; what a layer keeps for itself would be lost from step to step.
    guard step!.state.isEmpty else { throw LayerError("\(name): the cell has a layer with state of its own") }
    return try LayerPlan(name, of: step!, times: inputs[0][1], outputs: outputs)
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try stepped(inputs) { steps throws(LayerError) in try cell.outputShapes(steps) }
  }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    var cell = cell
    let shapes = try stepped(inputs) { steps throws(LayerError) in try cell.initialize(steps, key: key) }
    self.cell = cell
    return shapes
  }

  /// The shapes over time from those of one step.
  private func stepped(
    _ inputs: [[Int]], _ step: ([[Int]]) throws(LayerError) -> [[Int]]
  ) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    guard inputs[0].count == 3 else { throw LayerError("\(name) takes [batch, time, depth], not \(inputs[0])") }
    let outputs = try step([[inputs[0][0], inputs[0][2]], inputs[1]])
    guard outputs[0].first == inputs[0][0] else {
      throw LayerError("\(name): the cell gives \(outputs[0]) for a batch of \(inputs[0][0])")
    }
    guard outputs[1] == inputs[1] else { throw LayerError("\(name): the state changes its shape to \(outputs[1])") }
    return [[inputs[0][0], inputs[0][1]] + outputs[0].dropFirst(), outputs[1]]
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let xs = inputs[0]
    let (batch, time) = (xs.shape[0], xs.shape[1])
    var state = initialState(inputs[1], pass)
    var ys: [Tensor] = []
    var backwards: [([Tensor]) -> Gradients] = []
    for step in 0..<time {
      let x = xs.slice(axis: 1, step..<step + 1).reshaped([batch, xs.depth])
      let forward = cell.forward([x, state], pass.through(step))
      ys.append(forward.outputs[0].reshaped([batch, 1] + forward.outputs[0].shape.dropFirst()))
      state = forward.outputs[1]
      backwards.append(forward.backward)
    }
    return Forward(
      outputs: [Tensor.concatenate(ys, axis: 1), state], state: [state]
    ) { [backwards] dys in
      var dState = dys[1]
      var dxs: [Tensor] = []
      var weights: [Gradient] = []
      for step in (0..<time).reversed() {
        let dy = dys[0].slice(axis: 1, step..<step + 1)
        let gradients = backwards[step]([dy.reshaped([batch] + dy.shape.dropFirst(2)), dState])
        dState = gradients.inputs[1]
        dxs.append(gradients.inputs[0].reshaped([batch, 1, xs.depth]))
        weights = weights.isEmpty ? gradients.weights : zip(weights, gradients.weights).map { $0 + $1 }
      }
      return Gradients(inputs: [Tensor.concatenate(dxs.reversed(), axis: 1), dState], weights: weights)
    }
  }

  /// The state with which a pass begins.
  func initialState(_ given: Tensor, _ pass: Pass) -> Tensor {
    pass.continues && carry.shape == given.shape ? carry : given
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try cell.visitWeights(visit)
  }

  public mutating func visitState(_ visit: (String, StateKind, inout Tensor) throws -> Void) rethrows {
    try visit("carry", .carried, &carry)
  }
}

/// How expressions call `Scan`: `Scan(GRUCell(3))`.
enum ScanExpression {
  static let entry = CatalogueEntry<any Layer>(name: "Scan", depth: 1) { arguments throws(ExpressionError) in
    let layers = try arguments.layers()
    guard layers.count == 1, layers[0].inputCount == 2, layers[0].outputCount == 2 else {
      throw ExpressionError(column: arguments.call.column, "Scan holds one cell of input and state")
    }
    return scan(layers[0])
  }

  private static func scan(_ cell: some Layer) -> any Layer { Scan(cell) }
}
