import Neural
import Random

/// Every layer of the catalogue with an input. The tests of all layers run over this list, and one of them fails when a
/// layer of the catalogue is missing here.
struct LayerCase: Sendable, CustomStringConvertible {
  let expression: String
  let shape: [Int]
  /// Inputs are ids below this number, which have no gradient.
  var ids: Int?

  static let all: [LayerCase] = [
    LayerCase(expression: "Dense(3)", shape: [4, 5]),
    LayerCase(expression: "Dense(2)", shape: [2, 3, 4]),
    LayerCase(expression: "Dense(3, bias: false)", shape: [1, 5]),
    LayerCase(expression: "Embedding(7, 3)", shape: [3, 4], ids: 7),
    LayerCase(expression: "LogSoftmax", shape: [3, 5]),
    LayerCase(expression: "Mean", shape: [3, 4, 5]),
    LayerCase(expression: "Mean(axis: -1)", shape: [2, 3, 4]),
    LayerCase(expression: "Mean(axis: 1, keepdims: true)", shape: [2, 3]),
    LayerCase(expression: "Relu", shape: [3, 4]),
    LayerCase(expression: "Serial(Dense(4) Relu Serial(Dense(2) LogSoftmax))", shape: [3, 5]),
    LayerCase(expression: "Embedding(7, 4) Mean Dense(2) LogSoftmax", shape: [3, 5], ids: 7),
  ]

  var description: String { "\(expression) of \(shape)" }

  /// The layer with weights of a seed.
  func layer(seed: UInt64 = 1) throws -> Serial {
    var layer = try LayerExpression().model(expression)
    _ = try layer.initialize(shape, key: RandomKey(seed))
    return layer
  }

  /// An input, or several of them in one batch. Numbers keep away from 0, where Relu has no gradient.
  func input(seed: UInt64 = 2) -> Tensor {
    let count = shape.reduce(1, *)
    let numbers = RandomKey(seed).normal(count)
    if let ids { return Tensor(numbers.map { Float(abs(Int($0 * 100)) % ids) }, shape: shape) }
    return Tensor(numbers.map { $0 + ($0 < 0 ? -0.1 : 0.1) }, shape: shape)
  }
}
