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
  /// A layer's outputs in variables, made of its inputs x and its weights w in the order of `visitWeights`.
  typealias Formula = @Sendable (_ x: [Variable], _ w: [Variable]) -> [Variable]
  /// The formula of the layer, a second opinion on its outputs and gradients.
  var formula: Formula?

  init(
    _ expression: String, _ shapes: [Int]..., ids: Int? = nil, mixesInTraining: Bool = false, fixed: Int? = nil,
    formula: Formula? = nil
  ) {
    self.expression = expression
    self.shapes = shapes
    self.ids = ids
    self.mixesInTraining = mixesInTraining
    self.fixed = fixed
    self.formula = formula
  }

  @LayerCaseList private static var list: [LayerCase] {
    LayerCase("Add", [3, 4], [3, 4]) { x, _ in [x[0] + x[1]] }
    LayerCase("BatchNorm", [5, 3], mixesInTraining: true) { x, w in [standardized(x[0], axis: 0, 1e-5) * w[1] + w[0]] }
    LayerCase("BatchNorm(momentum: 0.5, eps: 0.001)", [2, 3, 4], mixesInTraining: true)
    LayerCase("Bidirectional(LSTM(2))", [2, 3, 3]) { x, w in
      let lengths = [3, 3]
      func run(_ x: Variable, _ w: ArraySlice<Variable>) -> Variable {
        overTime(x, 4) { lstm($0, $1, Array(w)) }.slice(axis: 2, 2..<4)
      }
      return [concatenate([run(x[0], w[..<2]), reversed(run(reversed(x[0], lengths), w[2...]), lengths)])]
    }
    LayerCase("Bidirectional(Serial(Dense(2) GRU(3)))", [3, 2, 2])
    LayerCase("Branch(Dense(2) Serial() Tanh)", [3, 4]) { x, w in [x[0].matmul(w[0]) + w[1], x[0], tanh(x[0])] }
    LayerCase("Concatenate", [3, 4], [3, 2]) { x, _ in [concatenate(x)] }
    LayerCase("Concatenate(3, axis: 1)", [2, 1, 3], [2, 2, 3], [2, 3, 3]) { x, _ in [concatenate(x, axis: 1)] }
    LayerCase("CRF", [3, 4, 3]) { x, w in [chain(x[0], Array(repeating: 4, count: 3), w)] }
    LayerCase("CRF", [2, 1, 1])
    LayerCase("Dense(3)", [4, 5]) { x, w in [x[0].matmul(w[0]) + w[1]] }
    LayerCase("Dense(2)", [2, 3, 4]) { x, w in [x[0].matmul(w[0]) + w[1]] }
    LayerCase("Dense(3, bias: false)", [1, 5]) { x, w in [x[0].matmul(w[0])] }
    LayerCase("DotProduct", [3, 4], [3, 4]) { x, _ in [(x[0] * x[1]).sum(axis: 1, keepsDimensions: true)] }
    LayerCase("Drop", [3, 2])
    LayerCase("Dropout(0.4)", [5, 6], mixesInTraining: true)
    LayerCase("Dup", [3, 2]) { x, _ in [x[0], x[0]] }
    LayerCase("Embedding(7, 3)", [3, 4], ids: 7) { x, w in [w[0].gather(x[0].value)] }
    LayerCase("Embedding(3, 2) GRU(3)", [2, 4], ids: 3)
    LayerCase("Embedding(5, 3, init: normal) GRU(2, init: orthogonal)", [2, 3], ids: 5)
    LayerCase("Embedding(2, 3) GRU(2, convention: lab)", [1, 5], ids: 2)
    LayerCase("EmbeddingSum(4, 3)", [2, 3, 3], ids: 4) { x, w in
      let there = Variable(x[0].value.map { $0 == 0 ? 0 : 1 }).reshaped([2, 3, 3, 1])
      return [(w[0].gather(x[0].value) * there).sum(axis: 2)]
    }
    LayerCase("EmbeddingSum(4, 3, power: 0.5)", [2, 3, 3], ids: 4) { x, w in
      let there = Variable(x[0].value.map { $0 == 0 ? 0 : 1 }).reshaped([2, 3, 3, 1])
      let shares = Variable(there.sum(axis: 2).value.map { 1 / max($0, 1).squareRoot() })
      return [(w[0].gather(x[0].value) * there).sum(axis: 2) * shares]
    }
    LayerCase("EmbeddingSum(5, 3, dropout: 0.4)", [3, 4], ids: 5, mixesInTraining: true)
    LayerCase("GRU(3)", [2, 4, 2]) { x, w in [overTime(x[0], 3) { gru($0, $1, w, isLab: false) }] }
    LayerCase("GRU(3, convention: lab)", [3, 2, 4]) { x, w in [overTime(x[0], 3) { gru($0, $1, w, isLab: true) }] }
    LayerCase("GRUCell(3)", [4, 2], [4, 3]) { x, w in Array(repeating: gru(x[0], x[1], w, isLab: false), count: 2) }
    LayerCase("GRUCell(2, convention: lab)", [1, 3], [1, 2]) { x, w in
      Array(repeating: gru(x[0], x[1], w, isLab: true), count: 2)
    }
    LayerCase("LayerNorm", [3, 5]) { x, w in [standardized(x[0], axis: -1, 1e-6) * w[0] + w[1]] }
    LayerCase("LayerNorm(eps: 0.1)", [2, 2, 3])
    LayerCase("LayerNorm", [2, 35]) { x, w in [standardized(x[0], axis: -1, 1e-6) * w[0] + w[1]] }
    LayerCase("LogSigmoid", [3, 4]) { x, _ in [log(sigmoid(x[0]))] }
    LayerCase("LogSoftmax", [3, 5]) { x, _ in [x[0] - log(exp(x[0]).sum(axis: -1, keepsDimensions: true))] }
    LayerCase("LogSoftmax(axis: 1)", [2, 3, 4]) { x, _ in [x[0] - log(exp(x[0]).sum(axis: 1, keepsDimensions: true))] }
    LayerCase("Logistic", [4, 1]) { x, w in
      let z = x[0] * w[0] + w[1]
      return [concatenate([log(sigmoid(z * -1)), log(sigmoid(z))])]
    }
    LayerCase("Logistic(scale: 2, bias: 0.5)", [2, 3, 1])
    LayerCase("LSTM(2)", [2, 3, 3]) { x, w in [overTime(x[0], 4) { lstm($0, $1, w) }.slice(axis: 2, 2..<4)] }
    LayerCase("LSTMCell(3)", [2, 4], [2, 6]) { x, w in
      let state = lstm(x[0], x[1], w)
      return [state.slice(axis: 1, 3..<6), state]
    }
    LayerCase("MaskedBidirectional(RNN(2))", [4, 5, 3], [4, 5], fixed: 1) { x, w in
      let lengths = rowLengths(x[1].value)
      func run(_ x: Variable, _ w: ArraySlice<Variable>) -> Variable {
        overTime(x, 2) { tanh(concatenate([$1, $0]).matmul(w[w.startIndex]) + w[w.startIndex + 1]) }
      }
      let y = concatenate([run(x[0], w[..<2]), reversed(run(reversed(x[0], lengths), w[2...]), lengths)])
      return [y * Variable(mask(lengths, time: 5)).reshaped([4, 5, 1]), x[1]]
    }
    LayerCase("MaskedCRF", [5, 4, 3], [5, 4], fixed: 1) { x, w in [chain(x[0], rowLengths(x[1].value), w)] }
    LayerCase("MaskedMean", [3, 4, 2], [3, 4], fixed: 1) { x, _ in
      let mask = Variable(x[1].value).reshaped([3, 4, 1])
      return [(x[0] * mask).sum(axis: 1) / mask.sum(axis: 1)]
    }
    LayerCase("Mean", [3, 4, 5]) { x, _ in [x[0].mean(axis: 1)] }
    LayerCase("Mean(axis: -1)", [2, 3, 4]) { x, _ in [x[0].mean(axis: -1)] }
    LayerCase("Mean(axis: 1, keepdims: true)", [2, 3])
    LayerCase("Normalize", [3, 4]) { x, _ in
      [x[0] / sqrt((x[0] * x[0]).sum(axis: -1, keepsDimensions: true) + 1e-6)]
    }
    LayerCase("Normalize(eps: 0.5)", [2, 2, 3])
    LayerCase("OneHot(4)", [3, 2], ids: 4)
    LayerCase("PaddingMask", [3, 4], ids: 2)
    LayerCase("PaddingMask", [3, 4, 2], ids: 2)
    LayerCase("Parallel(Dense(2) Add)", [3, 4], [3, 2], [3, 2]) { x, w in [x[0].matmul(w[0]) + w[1], x[1] + x[2]] }
    LayerCase("Relu", [3, 4]) { x, _ in [relu(x[0])] }
    LayerCase("Residual(Dense(4) Tanh)", [3, 4]) { x, w in [x[0] + tanh(x[0].matmul(w[0]) + w[1])] }
    LayerCase("RNN(3)", [2, 4, 2]) { x, w in [overTime(x[0], 3) { tanh(concatenate([$1, $0]).matmul(w[0]) + w[1]) }] }
    LayerCase("RNNCell(3)", [2, 4], [2, 3])
    LayerCase("RNNCell(2, activation: sigmoid)", [3, 1], [3, 2]) { x, w in
      Array(repeating: sigmoid(concatenate([x[1], x[0]]).matmul(w[0]) + w[1]), count: 2)
    }
    LayerCase("Scan(GRUCell(3))", [2, 3, 4], [2, 3]) { x, w in
      let ys = overTime(x[0], 3, from: x[1]) { gru($0, $1, w, isLab: false) }
      return [ys, ys.slice(axis: 1, 2..<3).reshaped([2, 3])]
    }
    LayerCase("Select(1, 0, 1)", [2, 3], [2, 2]) { x, _ in [x[1], x[0], x[1]] }
    LayerCase("Select(0, n_in: 2)", [2, 3], [2, 2])
    LayerCase("Serial(Dense(4) Relu Serial(Dense(2) LogSoftmax))", [3, 5]) { x, w in
      let y = relu(x[0].matmul(w[0]) + w[1]).matmul(w[2]) + w[3]
      return [y - log(exp(y).sum(axis: -1, keepsDimensions: true))]
    }
    LayerCase("Serial(Dup Dense(2) Swap Dense(3) Concatenate)", [3, 4])
    LayerCase("ShiftRight", [2, 3, 2]) { x, _ in
      [concatenate([Variable(Tensor(repeating: 0, shape: [2, 1, 2])), x[0].slice(axis: 1, 0..<2)], axis: 1)]
    }
    LayerCase("ShiftRight(2)", [2, 3, 2])
    LayerCase("Siamese(Dense(3) Tanh)", [2, 4], [2, 4]) { x, w in x.map { tanh($0.matmul(w[0]) + w[1]) } }
    LayerCase("Siamese[Embedding(7, 4) LSTM(3) Mean Normalize]", [3, 5], [3, 4], ids: 7)
    LayerCase("Siamese(Dense(3) Dropout(0.5))", [2, 4], [2, 4], mixesInTraining: true)
    LayerCase(
      "Siamese[Branch[Embedding(7, 4) PaddingMask] MaskedMean Normalize] DotProduct Logistic", [3, 5], [3, 2], ids: 7)
    LayerCase("Sigmoid", [3, 4]) { x, _ in [sigmoid(x[0])] }
    LayerCase("SkipGram(7, 4)", [3, 2], [3, 5], ids: 7) { x, w in
      let there = Variable(x[0].value.map { $0 == 0 ? 0 : 1 }).reshaped([3, 2, 1])
      let counts = Variable(there.value.sum(axis: 1, keepsDimensions: true).map { max($0, 1) }).reshaped([3, 1])
      let words = (w[0].gather(x[0].value) * there).sum(axis: 1) / counts
      let near = Variable(x[1].value.map { $0 == 0 ? 0 : 1 }).reshaped([3, 5, 1])
      let s = (w[1].gather(x[1].value) * words.reshaped([3, 1, 4])).sum(axis: 2).reshaped([3, 5, 1]) * near
      return [concatenate([log(sigmoid(s * -1)), log(sigmoid(s))])]
    }
    LayerCase("SkipGram(7, 3, words: 5)", [2, 1], [2, 3], ids: 5)
    LayerCase("Softmax", [3, 5]) { x, _ in [exp(x[0]) / exp(x[0]).sum(axis: -1, keepsDimensions: true)] }
    LayerCase("Softmax(axis: 1)", [2, 3, 4]) { x, _ in [exp(x[0]) / exp(x[0]).sum(axis: 1, keepsDimensions: true)] }
    LayerCase("Swap", [2, 3], [2, 2]) { x, _ in [x[1], x[0]] }
    LayerCase("Tanh", [3, 4]) { x, _ in [tanh(x[0])] }
    LayerCase("TfIdf(6, 3)", [3, 4], ids: 6, mixesInTraining: true) { x, w in
      [tfIdf(x[0].value, rows: 6, words: 0).matmul(w[0]) + w[1]]
    }
    LayerCase("TfIdf(6, 2, words: 3)", [2, 3, 5], ids: 6, mixesInTraining: true) { x, w in
      [(tfIdf(x[0].value, rows: 6, words: 3).matmul(w[0]) + w[1]).reshaped([2, 3, 2])]
    }
    LayerCase("Embedding(7, 4) Mean Dense(2) LogSoftmax", [3, 5], ids: 7)
    LayerCase("Embedding(7, 4) Mean Dense(3) LogSigmoid", [3, 5], ids: 7)
    LayerCase("Branch[Embedding(7, 4) PaddingMask] MaskedMean Dense(2) LogSoftmax", [3, 5], ids: 7)
    LayerCase("ShiftRight Embedding(7, 4) GRU(3) GRU(3) Dense(7) LogSoftmax", [2, 4], ids: 7)
    LayerCase("Branch[Embedding(3, 4) PaddingMask] MaskedBidirectional[LSTM(2)] Dense(3) MaskedCRF", [3, 4], ids: 3)
    LayerCase(
      "Branch[EmbeddingSum(3, 4) PaddingMask] MaskedBidirectional[GRU(2)] Dense(3) MaskedCRF", [2, 3, 2], ids: 3)
  }

  static let all = list

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

/// A list of cases, so that the compiler looks at one formula at a time.
@resultBuilder enum LayerCaseList {
  static func buildBlock(_ cases: LayerCase...) -> [LayerCase] { cases }
}
