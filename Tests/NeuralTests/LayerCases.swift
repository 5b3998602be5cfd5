import Neural
import Random

/// Every layer of the catalogue with inputs. The tests of all layers run over this list, and one of them fails when a
/// layer of the catalogue is missing here.
struct LayerCase: Sendable, CustomStringConvertible {
  let expression: String
  let shapes: [[Int]]
  /// The inputs are ids below this number, which have no gradient.
  var ids: Int?
  /// In mode train the items of a batch depend on each other or on chance.
  var mixesInTraining = false
  /// Which input has no gradient although it is no id.
  var fixed: Int?

  init(_ expression: String, _ shapes: [Int]..., ids: Int? = nil, mixesInTraining: Bool = false, fixed: Int? = nil) {
    self.expression = expression
    self.shapes = shapes
    self.ids = ids
    self.mixesInTraining = mixesInTraining
    self.fixed = fixed
  }

  static let all: [LayerCase] = [
    .init("Add", [3, 4], [3, 4]),
    .init("BatchNorm", [5, 3], mixesInTraining: true),
    .init("BatchNorm(momentum: 0.5, eps: 0.001)", [2, 3, 4], mixesInTraining: true),
    .init("Branch(Dense(2) Serial() Tanh)", [3, 4]),
    .init("Concatenate", [3, 4], [3, 2]),
    .init("Concatenate(3, axis: 1)", [2, 1, 3], [2, 2, 3], [2, 3, 3]),
    .init("Dense(3)", [4, 5]),
    .init("Dense(2)", [2, 3, 4]),
    .init("Dense(3, bias: false)", [1, 5]),
    .init("Drop", [3, 2]),
    .init("Dropout(0.4)", [5, 6], mixesInTraining: true),
    .init("Dup", [3, 2]),
    .init("Embedding(7, 3)", [3, 4], ids: 7),
    .init("Embedding(3, 2) GRU(3)", [2, 4], ids: 3),
    .init("Embedding(2, 3) GRU(2, convention: lab)", [1, 5], ids: 2),
    .init("GRU(3)", [2, 4, 2]),
    .init("GRU(3, convention: lab)", [3, 2, 4]),
    .init("GRUCell(3)", [4, 2], [4, 3]),
    .init("GRUCell(2, convention: lab)", [1, 3], [1, 2]),
    .init("LayerNorm", [3, 5]),
    .init("LayerNorm(eps: 0.1)", [2, 2, 3]),
    .init("LogSoftmax", [3, 5]),
    .init("LogSoftmax(axis: 1)", [2, 3, 4]),
    .init("LSTM(2)", [2, 3, 3]),
    .init("LSTMCell(3)", [2, 4], [2, 6]),
    .init("MaskedMean", [3, 4, 2], [3, 4], fixed: 1),
    .init("Mean", [3, 4, 5]),
    .init("Mean(axis: -1)", [2, 3, 4]),
    .init("Mean(axis: 1, keepdims: true)", [2, 3]),
    .init("OneHot(4)", [3, 2], ids: 4),
    .init("PaddingMask", [3, 4], ids: 2),
    .init("Parallel(Dense(2) Add)", [3, 4], [3, 2], [3, 2]),
    .init("Relu", [3, 4]),
    .init("Residual(Dense(4) Tanh)", [3, 4]),
    .init("RNN(3)", [2, 4, 2]),
    .init("RNNCell(3)", [2, 4], [2, 3]),
    .init("RNNCell(2, activation: sigmoid)", [3, 1], [3, 2]),
    .init("Scan(GRUCell(3))", [2, 3, 4], [2, 3]),
    .init("Select(1, 0, 1)", [2, 3], [2, 2]),
    .init("Select(0, n_in: 2)", [2, 3], [2, 2]),
    .init("Serial(Dense(4) Relu Serial(Dense(2) LogSoftmax))", [3, 5]),
    .init("Serial(Dup Dense(2) Swap Dense(3) Concatenate)", [3, 4]),
    .init("ShiftRight", [2, 3, 2]),
    .init("ShiftRight(2)", [2, 3, 2]),
    .init("Sigmoid", [3, 4]),
    .init("Softmax", [3, 5]),
    .init("Softmax(axis: 1)", [2, 3, 4]),
    .init("Swap", [2, 3], [2, 2]),
    .init("Tanh", [3, 4]),
    .init("Embedding(7, 4) Mean Dense(2) LogSoftmax", [3, 5], ids: 7),
    .init("Branch[Embedding(7, 4) PaddingMask] MaskedMean Dense(2) LogSoftmax", [3, 5], ids: 7),
    .init("ShiftRight Embedding(7, 4) GRU(3) GRU(3) Dense(7) LogSoftmax", [2, 4], ids: 7),
  ]

  var description: String { "\(expression) of \(shapes)" }

  /// The layer with weights of a seed, larger ones than it begins with, so that every path matters.
  func layer(seed: UInt64 = 1) throws -> Serial {
    var layer = try LayerExpression().model(expression)
    _ = try layer.initialize(shapes, key: RandomKey(seed))
    var index: UInt32 = 0
    layer.visitWeights { _, weight in
      let noise = RandomKey(seed).fold(in: index).normal(weight.count)
      weight.withMutableValues { w in
        for place in w.indices { w[place] += 0.5 * noise[place] }
      }
      index += 1
    }
    return layer
  }

  /// Inputs. Numbers keep away from 0, where Relu has no gradient.
  func inputs(seed: UInt64 = 2) -> [Tensor] {
    shapes.enumerated().map { place, shape in
      let numbers = RandomKey(seed + UInt64(place)).normal(shape.reduce(1, *))
      if let ids { return Tensor(numbers.map { Float(abs(Int($0 * 100)) % ids) }, shape: shape) }
      if place == fixed { return Tensor(numbers.map { $0 < 0.5 ? 1 : 0 }, shape: shape) }
      return Tensor(numbers.map { $0 + ($0 < 0 ? -0.1 : 0.1) }, shape: shape)
    }
  }
}
