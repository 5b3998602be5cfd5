import Random

/// Layers side by side, each on its own tensors of the stack: the first takes the topmost, and so on. Source: Trax
/// `Parallel`.
public struct Parallel: Combinator {
  /// The layers, from the top of the stack down.
  public var layers: [any Layer] { didSet { counts = Self.counts(of: layers) } }
  /// The numbers of inputs and outputs, counted once.
  private var counts: (inputs: Int, outputs: Int)

  /// - Parameter layers: The layers that take the inputs one after the other.
  public init(_ layers: [any Layer]) {
    self.layers = layers
    counts = Self.counts(of: layers)
  }

  private static func counts(of layers: [any Layer]) -> (inputs: Int, outputs: Int) {
    layers.reduce((0, 0)) { ($0.0 + $1.inputCount, $0.1 + $1.outputCount) }
  }

  static let entry = CatalogueEntry<any Layer>(name: "Parallel", depth: 1) { arguments throws(ExpressionError) in
    Parallel(try arguments.layers())
  }

  public var kind: String { "Parallel" }
  public var name: String { "\(counted("Parallel"))[\(layers.map(\.name).joined(separator: " "))]" }
  public var expression: String { "Parallel(\(layers.map(\.expression).joined(separator: " ")))" }
  /// None: ids come as the only input.
  public var inputLayers: Range<Int> { 0..<0 }
  public var inputCount: Int { counts.inputs }
  public var outputCount: Int { counts.outputs }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    var remaining = inputs[...]
    var parts: [(layer: any Layer, plan: LayerPlan)] = []
    for layer in layers {
      parts.append((layer, try layer.plan(Array(remaining.prefix(layer.inputCount)))))
      remaining = remaining.dropFirst(layer.inputCount)
    }
    return LayerPlan(of: parts, outputs: parts.flatMap(\.plan.outputs))
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    var remaining = inputs[...]
    var outputs: [[Int]] = []
    for layer in layers {
      outputs += try layer.outputShapes(Array(remaining.prefix(layer.inputCount)))
      remaining = remaining.dropFirst(layer.inputCount)
    }
    return outputs
  }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    var remaining = inputs[...]
    var outputs: [[Int]] = []
    for (index, key) in key.split(layers.count).enumerated() {
      let count = layers[index].inputCount
      outputs += try layers[index].initialize(Array(remaining.prefix(count)), key: key)
      remaining = remaining.dropFirst(count)
    }
    return outputs
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    var remaining = inputs[...]
    var forwards: [Forward] = []
    for (index, layer) in layers.enumerated() {
      forwards.append(layer.forward(Array(remaining.prefix(layer.inputCount)), pass.through(index)))
      remaining = remaining.dropFirst(layer.inputCount)
    }
    return Forward(outputs: forwards.flatMap(\.outputs), state: forwards.flatMap(\.state)) { [forwards] dys in
      var remaining = dys[...]
      let gradients = forwards.map { forward in
        defer { remaining = remaining.dropFirst(forward.outputs.count) }
        return forward.backward(Array(remaining.prefix(forward.outputs.count)))
      }
      return Gradients(inputs: gradients.flatMap(\.inputs), weights: gradients.flatMap(\.weights))
    }
  }
}
