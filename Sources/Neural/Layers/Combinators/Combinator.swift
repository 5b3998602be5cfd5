/// A layer made of others.
///
/// What does not depend on how data goes through them comes from here: names of weights and state, the form for
/// inference, and the tables that ids look up. A combinator of your own states its layers, which of them take its
/// inputs, shapes, and the two passes.
public protocol Combinator: Layer {
  /// The layers inside, in the order of their weights. They change in place: a setter that takes a copy would copy every
  /// table in every step, so a computed property has `_modify`.
  var layers: [any Layer] { get set }

  /// The indices of the layers whose inputs begin with the first of the combinator's inputs as it is, so that ids among
  /// the inputs reach their tables unchanged.
  var inputLayers: Range<Int> { get }
}

extension Combinator {
  public var sublayers: [any Layer] { layers }

  public var lookupTables: [Int] {
    var (tables, first) = ([Int](), 0)
    for (index, layer) in layers.prefix(inputLayers.upperBound).enumerated() {
      if inputLayers.contains(index) { tables += layer.lookupTables.map { $0 + first } }
      first += layer.weights.count
    }
    return tables
  }

  public func specialized(for inference: Inference) throws(LayerError) -> any Layer {
    var copy = self
    copy.layers = try layers.specialized(for: inference)
    return copy
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try layers.visitWeights(visit)
  }

  public mutating func visitState(_ visit: (String, StateKind, inout Tensor) throws -> Void) rethrows {
    try layers.visitState(visit)
  }
}

extension [any Layer] {
  /// The weights of all layers, named by the indices and kinds of the layers: `0.Embedding.table`.
  mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    for index in indices {
      let path = "\(index).\(self[index].kind)"
      try self[index].visitWeights { try visit("\(path).\($0)", &$1) }
    }
  }

  /// The state of all layers, named alike.
  mutating func visitState(_ visit: (String, StateKind, inout Tensor) throws -> Void) rethrows {
    for index in indices {
      let path = "\(index).\(self[index].kind)"
      try self[index].visitState { try visit("\(path).\($0)", $1, &$2) }
    }
  }

  /// The layers, each in its form for inference.
  func specialized(for inference: Inference) throws(LayerError) -> [any Layer] {
    var layers: [any Layer] = []
    for (index, layer) in enumerated() {
      layers.append(try layer.specialized(for: inference.inside(layer, at: index)))
    }
    return layers
  }
}
