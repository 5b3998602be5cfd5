import Neural
import Random

/// Multiplies every feature by a number of its own: `y = scale · x`.
///
///     x      [..., depth]
///     scale  [depth]
///     y      [..., depth]
struct Scale: UnaryLayer {
  var scale = Tensor.empty

  var name: String { "Scale" }

  func outputShape(_ input: [Int]) throws(LayerError) -> [Int] {
    guard scale.shape == input.suffix(1) else {
      throw LayerError("the scale of \(name) has the shape \(scale.shape), which inputs \(input) do not fit")
    }
    return input
  }

  mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int] {
    scale = Tensor(repeating: 1, shape: Array(input.suffix(1)))
    return try outputShape(input)
  }

  func forward(_ x: Tensor) -> Forward {
    let scales = scale.broadcast(to: x.shape)
    return Forward(output: x.zip(scales, *)) { dy in
      Gradients(
        input: dy.zip(scales, *),
        weights: [.dense(dy.zip(x, *).columnSums())])
    }
  }

  mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("scale", &scale)
  }
}
