import Random

/// Layers that all work on the same inputs: the outputs of the first come topmost. Source: Trax `Branch`.
public struct Branch: Combinator {
  private var copy: Select
  private var parallel: Parallel

  /// - Parameter layers: The layers that take the same inputs.
  public init(_ layers: [any Layer]) {
    copy = Self.copies(for: layers)
    parallel = Parallel(layers)
  }

  /// What hands the inputs to each of the layers.
  private static func copies(for layers: [any Layer]) -> Select {
    Select(layers.flatMap { Array(0..<$0.inputCount) })
  }

  static let entry = CatalogueEntry<any Layer>(name: "Branch", depth: 1) { arguments throws(ExpressionError) in
    Branch(try arguments.layers())
  }

  public var kind: String { "Branch" }
  public var name: String { "\(counted("Branch"))[\(layers.map(\.name).joined(separator: " "))]" }
  public var expression: String { "Branch(\(layers.map(\.expression).joined(separator: " ")))" }
  public var layers: [any Layer] {
    get { parallel.layers }
    _modify {
      yield &parallel.layers
      copy = Self.copies(for: parallel.layers)
    }
  }
  public var inputLayers: Range<Int> { layers.indices }
  public var inputCount: Int { copy.inputCount }
  public var outputCount: Int { parallel.outputCount }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try parallel.plan(copy.outputShapes(inputs))
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try parallel.outputShapes(copy.outputShapes(inputs))
  }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    try parallel.initialize(copy.outputShapes(inputs), key: key)
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let copies = copy.forward(inputs, pass)
    let forward = parallel.forward(copies.outputs, pass)
    return Forward(outputs: forward.outputs, state: forward.state) { dys in
      let gradients = forward.backward(dys)
      return Gradients(inputs: copies.backward(gradients.inputs).inputs, weights: gradients.weights)
    }
  }
}
