import Random

/// Layers one after the other, on a stack: each takes its inputs off the top and puts its outputs there; what it does not
/// take stays below for those that follow. Its weights are named by their places: `0.Embedding.table`. Source: Trax
/// `Serial`.
public struct Serial: Layer {
  /// The layers in the order in which data goes through them.
  public var layers: [any Layer] { didSet { counts = Self.counts(of: layers) } }
  /// What the layers need from outside, and what is on the stack in the end. Every layer around this one asks for it, so it
  /// is counted once.
  private var counts: (inputs: Int, outputs: Int)

  public init(_ layers: [any Layer]) {
    self.layers = layers
    counts = Self.counts(of: layers)
  }

  public var name: String { "\(counted("Serial"))[\(layers.map(\.name).joined(separator: " "))]" }
  public var expression: String { "Serial(\(layers.map(\.expression).joined(separator: " ")))" }
  public var kind: String { "Serial" }
  public var sublayers: [any Layer] { layers }

  public var inputCount: Int { counts.inputs }
  public var outputCount: Int { counts.outputs }

  /// No layers hand one tensor on.
  private static func counts(of layers: [any Layer]) -> (inputs: Int, outputs: Int) {
    if layers.isEmpty { return (1, 1) }
    var (inputs, height) = (0, 0)
    for layer in layers {
      let missing = max(layer.inputCount - height, 0)
      inputs += missing
      height += missing + layer.outputCount - layer.inputCount
    }
    return (inputs, height)
  }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    var stack = inputs
    var parts: [(layer: any Layer, plan: LayerPlan)] = []
    for layer in layers {
      let plan = try layer.plan(Array(stack.prefix(layer.inputCount)))
      stack.replaceSubrange(..<layer.inputCount, with: plan.outputs)
      parts.append((layer, plan))
    }
    return LayerPlan(of: parts, outputs: stack, givesLogProbabilities: parts.last?.plan.givesLogProbabilities ?? false)
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    var stack = inputs
    for layer in layers {
      let outputs = try layer.outputShapes(Array(stack.prefix(layer.inputCount)))
      stack.replaceSubrange(..<layer.inputCount, with: outputs)
    }
    return stack
  }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    var stack = inputs
    for (index, key) in key.split(layers.count).enumerated() {
      let count = layers[index].inputCount
      stack.replaceSubrange(..<count, with: try layers[index].initialize(Array(stack.prefix(count)), key: key))
    }
    return stack
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> StackForward {
    var stack = inputs
    var state: [Tensor] = []
    var backwards: [(outputs: Int, backward: ([Tensor]) -> StackGradients)] = []
    var index = 0
    while index < layers.count {
      let pair = pair(at: index, ids: stack.first)
      let layer: any Layer = pair ?? layers[index]
      let forward = layer.forward(Array(stack.prefix(layer.inputCount)), pass.through(index))
      stack.replaceSubrange(..<layer.inputCount, with: forward.outputs)
      state += forward.state
      backwards.append((forward.outputs.count, forward.backward))
      index += pair == nil ? 1 : 2
    }
    return StackForward(outputs: stack, state: state) { dys in
      var stack = dys
      var weights: [[Gradient]] = []
      for way in backwards.reversed() {
        let gradients = way.backward(Array(stack.prefix(way.outputs)))
        stack.replaceSubrange(..<way.outputs, with: gradients.inputs)
        weights.append(gradients.weights)
      }
      return StackGradients(inputs: stack, weights: weights.reversed().flatMap { $0 })
    }
  }

  /// An embedding and the layer behind it in one, where that is less work.
  private func pair(at index: Int, ids: Tensor?) -> (any Layer)? {
    guard let embedding = layers[index] as? Embedding, index + 1 < layers.count, let ids, ids.shape.count == 2,
      ids.count > 0
    else { return nil }
    if let gru = layers[index + 1] as? GRU, embedding.vocabularySize < ids.count { return GRUOfIDs(embedding, gru) }
    return MeanOfIDs(embedding, layers[index + 1])
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try layers.visitWeights(visit)
  }

  public mutating func visitState(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try layers.visitState(visit)
  }
}

extension [any Layer] {
  /// The weights of all layers, named by the places and kinds of the layers: `0.Embedding.table`.
  mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    for index in indices {
      let place = "\(index).\(self[index].kind)"
      try self[index].visitWeights { try visit("\(place).\($0)", &$1) }
    }
  }

  /// The state of all layers, named alike.
  mutating func visitState(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    for index in indices {
      let place = "\(index).\(self[index].kind)"
      try self[index].visitState { try visit("\(place).\($0)", &$1) }
    }
  }
}
