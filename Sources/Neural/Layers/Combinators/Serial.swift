import Random

/// Layers one after the other, on a stack: each takes its inputs off the top and puts its outputs there; what it does
/// not take stays below for those that follow. Its weights are named by the indices of the layers: `0.Embedding.table`.
///
/// Where two layers know how to do their work in one, as `Embedding` and `Mean` do, that one is run: see
/// `Layer.fused(with:inputs:)`. Source: Trax `Serial`.
public struct Serial: Combinator {
  /// The layers in the order in which data goes through them.
  public var layers: [any Layer] { didSet { counts = Self.counts(of: layers) } }
  /// What the layers need from outside, and what is on the stack in the end. Every layer around this one asks for it,
  /// so it is counted once.
  private var counts: (inputs: Int, outputs: Int)

  /// - Parameter layers: The layers in the order in which data goes through them.
  public init(_ layers: [any Layer]) {
    self.layers = layers
    counts = Self.counts(of: layers)
  }

  static let entry = CatalogueEntry<any Layer>(name: "Serial", depth: 1) { arguments throws(ExpressionError) in
    Serial(try arguments.layers())
  }

  public var kind: String { "Serial" }
  public var name: String { "\(counted("Serial"))[\(layers.map(\.name).joined(separator: " "))]" }
  public var expression: String { "Serial(\(layers.map(\.expression).joined(separator: " ")))" }
  public var inputLayers: Range<Int> { 0..<min(layers.count, 1) }
  public var serial: Serial { self }

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
    return LayerPlan(of: parts, outputs: stack, logProbabilities: parts.last?.plan.logProbabilities)
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

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    var (stages, stack) = (Stages(layers), inputs)
    var state: [Tensor] = []
    var backwards: [(outputs: Int, backward: ([Tensor]) -> Gradients)] = []
    while let (index, layer) = stages.next(on: stack) {
      let forward = layer.forward(Array(stack.prefix(layer.inputCount)), pass.through(index))
      stack.replaceSubrange(..<layer.inputCount, with: forward.outputs)
      state += forward.state
      backwards.append((forward.outputs.count, forward.backward))
    }
    return Forward(outputs: stack, state: state) { dys in
      var stack = dys
      var weights: [[Gradient]] = []
      for (outputs, backward) in backwards.reversed() {
        let gradients = backward(Array(stack.prefix(outputs)))
        stack.replaceSubrange(..<outputs, with: gradients.inputs)
        weights.append(gradients.weights)
        pass.onGradients?(gradients.weights)
      }
      return Gradients(inputs: stack, weights: weights.reversed().flatMap { $0 })
    }
  }

  /// Layers that stand side by side are fused where they know how to.
  public func specialized(for inference: Inference) throws(LayerError) -> any Layer {
    Serial(Stages.forInference(try layers.specialized(for: inference)))
  }

  public func formula(of input: Formula) -> Formula? {
    layers.reduce(input) { formula, layer in formula.flatMap { layer.formula(of: $0) } }
  }

  public func inputsOfSublayers(_ inputs: [[Int]]) throws(LayerError) -> [[[Int]]] {
    var stack = inputs
    var taken: [[[Int]]] = []
    for layer in layers {
      taken.append(Array(stack.prefix(layer.inputCount)))
      stack.replaceSubrange(..<layer.inputCount, with: try layer.outputShapes(taken[taken.count - 1]))
    }
    return taken
  }
}
