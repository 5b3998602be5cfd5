import Random

/// Layers one after the other: `y = layer_n(… layer_1(x))`. Its weights are those of its layers, named by their
/// places: `0.Embedding.table`. Source: Trax `Serial`.
public struct Serial: Layer {
  /// The layers in the order in which data goes through them.
  public var layers: [any Layer]

  public init(_ layers: [any Layer]) { self.layers = layers }

  public var name: String { "Serial[\(layers.map(\.name).joined(separator: " "))]" }
  public var expression: String { "Serial(\(layers.map(\.expression).joined(separator: " ")))" }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] {
    var shape = input
    for layer in layers { shape = try layer.outputShape(shape) }
    return shape
  }

  public mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int] {
    var shape = input
    for (index, key) in key.split(layers.count).enumerated() {
      shape = try layers[index].initialize(shape, key: key)
    }
    return shape
  }

  public func forward(_ x: Tensor) -> Forward {
    var y = x
    var ways: [(Tensor) -> Gradients] = []
    for layer in layers {
      let forward = layer.forward(y)
      y = forward.output
      ways.append(forward.back)
    }
    return Forward(output: y) { dy in
      var gradient = dy
      var weights: [[Gradient]] = []
      for back in ways.reversed() {
        let gradients = back(gradient)
        gradient = gradients.input
        weights.append(gradients.weights)
      }
      return Gradients(input: gradient, weights: weights.reversed().flatMap { $0 })
    }
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    for index in layers.indices {
      let kind = String(layers[index].name.prefix { $0.isLetter })
      try layers[index].visitWeights { try visit("\(index).\(kind).\($0)", &$1) }
    }
  }
}
