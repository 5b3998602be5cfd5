import Random

/// Layers with one set of weights, applied to each of two sides: the outputs of the first side come topmost.
///
///     inputs   those of the layers inside, twice
///     outputs  theirs, twice
///
/// Gradients of both sides add up. A side is whole in every pass: rows never continue those of the batch before.
/// Source: J. Bromley et al., Signature verification using a Siamese time delay neural network, 1993; the course's
/// `Parallel` of one model and itself.
public struct Siamese: Combinator {
  /// What is applied to each side.
  private var side: Serial

  /// - Parameter layers: The layers in the order in which each side goes through them.
  public init(_ layers: [any Layer]) { side = Serial(layers) }

  static let entry = CatalogueEntry<any Layer>(name: "Siamese", depth: 1) { arguments throws(ExpressionError) in
    Siamese(try arguments.layers())
  }

  public var layers: [any Layer] {
    get { side.layers }
    _modify { yield &side.layers }
  }
  public var kind: String { "Siamese" }
  public var name: String { "\(counted("Siamese"))[\(layers.map(\.name).joined(separator: " "))]" }
  public var expression: String { "Siamese(\(layers.map(\.expression).joined(separator: " ")))" }
  public var inputLayers: Range<Int> { side.inputLayers }
  public var inputCount: Int { 2 * side.inputCount }
  public var outputCount: Int { 2 * side.outputCount }
  public var sharedSide: Serial? { side }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    let (first, second) = (try side.plan(Array(sides(inputs).0)), try side.plan(Array(sides(inputs).1)))
    for (entry, other) in zip(first.weights + first.state, second.weights + second.state) where entry != other {
      throw LayerError(
        "\"\(entry.name)\" of \(name) would have the shape \(entry.shape) for one side and \(other.shape) for the other"
      )
    }
    return LayerPlan(of: first, and: second)
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    return try side.outputShapes(Array(sides(inputs).0)) + side.outputShapes(Array(sides(inputs).1))
  }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    let first = try side.initialize(Array(sides(inputs).0), key: key)
    return first + (try side.outputShapes(Array(sides(inputs).1)))
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    func whole(_ side: UInt32) -> Pass { Pass(pass.mode, key: pass.key.fold(in: side), continues: false) }
    let first = side.forward(Array(sides(inputs).0), whole(0))
    // What sums up all batches, like a running mean, sums up both sides.
    var after = side
    after.setState(first.state)
    let second = after.forward(Array(sides(inputs).1), whole(1))
    return Forward(outputs: first.outputs + second.outputs, state: second.state) { dys in
      let (a, b) = (first.backward(Array(sides(dys).0)), second.backward(Array(sides(dys).1)))
      return Gradients(inputs: a.inputs + b.inputs, weights: zip(a.weights, b.weights).map { $0 + $1 })
    }
  }

  public func specialized(for inference: Inference) throws(LayerError) -> any Layer {
    var copy = self
    copy.layers = Stages.forInference(try layers.specialized(for: inference))
    return copy
  }

  public func inputsOfSublayers(_ inputs: [[Int]]) throws(LayerError) -> [[[Int]]] {
    try side.inputsOfSublayers(Array(sides(inputs).0))
  }
}

/// The first half of a list and the second.
private func sides<Element>(_ list: [Element]) -> (ArraySlice<Element>, ArraySlice<Element>) {
  (list[..<(list.count / 2)], list[(list.count / 2)...])
}
