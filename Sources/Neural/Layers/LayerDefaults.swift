import Random

extension Layer {
  public var expression: String { name }
  public var inputCount: Int { 1 }
  public var outputCount: Int { 1 }
  public var sublayers: [any Layer] { [] }
  public var idCount: Int? { sublayers.lazy.compactMap(\.idCount).first }
  public var otherIDCount: Int? { sublayers.lazy.compactMap(\.otherIDCount).first }
  public var takesIDLists: Bool { sublayers.contains(where: \.takesIDLists) }
  public var timeShift: Int { sublayers.reduce(0) { $0 + $1.timeShift } }

  public var kind: String { String(String(describing: Self.self).prefix { $0 != "<" }) }

  public var idTable: Int? {
    var first = 0
    for layer in sublayers {
      if let table = layer.idTable { return first + table }
      first += layer.weights.count
    }
    return nil
  }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    try outputShapes(inputs)
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {}
  public mutating func visitState(_ visit: (String, StateKind, inout Tensor) throws -> Void) rethrows {}

  public func inputsOfSublayers(_ inputs: [[Int]]) throws(LayerError) -> [[[Int]]] { [] }
  public var serial: Serial { Serial([self]) }
  public var sharedSide: Serial? { nil }
  public var lookupTables: [Int] { [] }
  public func fused(with next: any Layer, inputs: [[Int]]?) -> (any Layer)? { nil }
  public func fused(behind lookup: Lookup, ids: [Int]?) -> (any Layer)? { nil }
  public func formula(of input: Formula) -> Formula? { nil }
  public func specialized(for inference: Inference) throws(LayerError) -> any Layer { self }

  /// The weights and their names, in the order of `visitWeights`.
  public var weights: [(name: String, value: Tensor)] {
    var weights: [(String, Tensor)] = []
    var copy = self
    copy.visitWeights { weights.append(($0, $1)) }
    return weights
  }

  /// The state and its names, in the order of `visitState`.
  public var state: [(name: String, value: Tensor)] {
    var state: [(String, Tensor)] = []
    var copy = self
    copy.visitState { state.append(($0, $2)) }
    return state
  }

  /// Sets the state to what a pass returned.
  public mutating func setState(_ state: [Tensor]) {
    var remaining = state[...]
    visitState { $2 = remaining.removeFirst() }
  }

  /// Forgets the sequences that were seen, so that the next pass begins anew whatever it is told.
  public mutating func forgetCarry() {
    visitState { _, kind, state in
      if kind == .carried { state = .empty }
    }
  }

  /// The number of elements of all weights.
  public var weightCount: Int { weights.reduce(0) { $0 + $1.value.count } }

  /// The name of the first weight, or tensor of state, that holds a number which is not finite; nil when all are. A
  /// model with one gives nothing that means anything.
  public var firstNonFiniteWeight: String? { (weights + state).first { !$0.value.isFinite }?.name }

  /// The name with the numbers of inputs and outputs where they are not one, as Trax prints them: `Add_in2`.
  func counted(_ name: String) -> String {
    name + (inputCount == 1 ? "" : "_in\(inputCount)") + (outputCount == 1 ? "" : "_out\(outputCount)")
  }

  /// Throws unless a weight has a shape.
  func check(_ weight: Tensor, _ role: String, hasShape shape: [Int]) throws(LayerError) {
    guard weight.shape == shape else {
      throw LayerError("the \(role) of \(name) has the shape \(weight.shape), not \(shape)")
    }
  }

  /// Throws unless there are as many inputs as the layer takes.
  func checkCount(_ inputs: [[Int]]) throws(LayerError) {
    guard inputs.count == inputCount else {
      throw LayerError("\(name) takes \(inputCount) inputs, not \(inputs.count)")
    }
  }
}

/// The one-tensor forms, for layers that take one and give one.
extension Layer {
  /// The shape of the output for one input.
  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] {
    let shapes = try outputShapes([input])
    guard shapes.count == 1 else { throw LayerError("\(name) gives \(shapes.count) outputs, not one") }
    return shapes[0]
  }

  /// Makes weights for one input.
  public mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int] {
    let shapes = try initialize([input], key: key)
    guard shapes.count == 1 else { throw LayerError("\(name) gives \(shapes.count) outputs, not one") }
    return shapes[0]
  }

  /// The output for one input, in an evaluation.
  public func forward(_ x: Tensor) -> Forward { forward([x], Pass()) }
}

extension UnaryLayer {
  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    return [try outputShape(inputs[0])]
  }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    return [try initialize(inputs[0], key: key)]
  }

  public mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int] {
    try outputShape(input)
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward { forward(inputs[0]) }
}
