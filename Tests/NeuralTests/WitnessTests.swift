import Neural
import Testing

/// Every layer's own backward pass against the tape of `gradient(of:)`, for which the layer's formula is written once more.
@Suite struct WitnessTests {
  /// The formula of a case of `LayerCase`, by its expression. Weights come in the order of `visitWeights`.
  static func outputs(_ expression: String, _ x: [Variable], _ w: [Variable]) -> [Variable]? {
    switch expression {
    case "Add": return [x[0] + x[1]]
    case "BatchNorm": return [standardized(x[0], axis: 0, 1e-5) * w[1] + w[0]]
    case "Branch(Dense(2) Serial() Tanh)": return [x[0].matmul(w[0]) + w[1], x[0], tanh(x[0])]
    case "Concatenate": return [concatenate(x)]
    case "Concatenate(3, axis: 1)": return [concatenate(x, axis: 1)]
    case "Dense(3)": return [x[0].matmul(w[0]) + w[1]]
    case "Dense(2)": return [x[0].matmul(w[0]) + w[1]]
    case "Dense(3, bias: false)": return [x[0].matmul(w[0])]
    case "Dup": return [x[0], x[0]]
    case "Embedding(7, 3)": return [w[0].gather(x[0].value)]
    case "GRU(3)": return [overTime(x[0], 3) { gru($0, $1, w, isLab: false) }]
    case "GRU(3, convention: lab)": return [overTime(x[0], 3) { gru($0, $1, w, isLab: true) }]
    case "GRUCell(3)": return Array(repeating: gru(x[0], x[1], w, isLab: false), count: 2)
    case "GRUCell(2, convention: lab)": return Array(repeating: gru(x[0], x[1], w, isLab: true), count: 2)
    case "LayerNorm": return [standardized(x[0], axis: -1, 1e-6) * w[0] + w[1]]
    case "LogSoftmax": return [x[0] - log(exp(x[0]).sum(axis: -1, keepsDimensions: true))]
    case "LogSoftmax(axis: 1)": return [x[0] - log(exp(x[0]).sum(axis: 1, keepsDimensions: true))]
    case "LSTM(2)": return [overTime(x[0], 4) { lstm($0, $1, w) }.slice(axis: 2, 2..<4)]
    case "LSTMCell(3)":
      let state = lstm(x[0], x[1], w)
      return [state.slice(axis: 1, 3..<6), state]
    case "MaskedMean":
      let mask = Variable(x[1].value).reshaped([3, 4, 1])
      return [(x[0] * mask).sum(axis: 1) / mask.sum(axis: 1)]
    case "Mean": return [x[0].mean(axis: 1)]
    case "Mean(axis: -1)": return [x[0].mean(axis: -1)]
    case "Parallel(Dense(2) Add)": return [x[0].matmul(w[0]) + w[1], x[1] + x[2]]
    case "Relu": return [relu(x[0])]
    case "Residual(Dense(4) Tanh)": return [x[0] + tanh(x[0].matmul(w[0]) + w[1])]
    case "RNN(3)": return [overTime(x[0], 3) { tanh(concatenate([$1, $0]).matmul(w[0]) + w[1]) }]
    case "RNNCell(2, activation: sigmoid)":
      return Array(repeating: sigmoid(concatenate([x[1], x[0]]).matmul(w[0]) + w[1]), count: 2)
    case "Scan(GRUCell(3))":
      let ys = overTime(x[0], 3, from: x[1]) { gru($0, $1, w, isLab: false) }
      return [ys, ys.slice(axis: 1, 2..<3).reshaped([2, 3])]
    case "Select(1, 0, 1)": return [x[1], x[0], x[1]]
    case "Serial(Dense(4) Relu Serial(Dense(2) LogSoftmax))":
      let y = relu(x[0].matmul(w[0]) + w[1]).matmul(w[2]) + w[3]
      return [y - log(exp(y).sum(axis: -1, keepsDimensions: true))]
    case "ShiftRight":
      return [concatenate([Variable(Tensor(repeating: 0, shape: [2, 1, 2])), x[0].slice(axis: 1, 0..<2)], axis: 1)]
    case "Sigmoid": return [sigmoid(x[0])]
    case "Softmax": return [exp(x[0]) / exp(x[0]).sum(axis: -1, keepsDimensions: true)]
    case "Softmax(axis: 1)": return [exp(x[0]) / exp(x[0]).sum(axis: 1, keepsDimensions: true)]
    case "Swap": return [x[1], x[0]]
    case "Tanh": return [tanh(x[0])]
    default: return nil
    }
  }

  /// Layers whose gradient is zero, or one of chance that `Dropout`'s own test looks at.
  static let exempt: Set = ["Drop", "Dropout", "OneHot", "PaddingMask"]

  @Test func everyLayerHasAWitness() {
    for usage in LayerExpression.usages {
      let name = String(usage.prefix { $0.isLetter })
      #expect(
        Self.exempt.contains(name) || LayerCase.all.contains { $0.expression.contains(name) && Self.isKnown($0) },
        "\(name)")
    }
  }

  /// Whether there is a formula for a case.
  static func isKnown(_ test: LayerCase) -> Bool {
    guard let layer = try? test.layer() else { return false }
    return outputs(test.expression, test.inputs().map { Variable($0) }, layer.weights.map { Variable($0.value) }) != nil
  }

  @Test(arguments: LayerCase.all.filter(isKnown))
  func theTapeAgrees(_ test: LayerCase) throws {
    let layer = try test.layer()
    let forward = layer.forward(test.inputs(), Pass(.train))
    let seeds = forward.outputs.enumerated().map { place, output in output.map { $0 * $0 + Float(place) } }
    let gradients = forward.backward(seeds)

    let x = test.inputs().map { Variable($0) }
    let w = layer.weights.map { Variable($0.value) }
    let outputs = try #require(Self.outputs(test.expression, x, w))
    #expect(outputs.count == forward.outputs.count)
    var sum: Variable = 0
    for (place, output) in outputs.enumerated() {
      expectClose(forward.outputs[place], output.value, "output \(place)")
      sum = sum + (output * Variable(seeds[place])).sum()
    }
    let witness = sum.gradients(of: x + w, seed: 1)
    for place in x.indices where test.ids == nil && place != test.fixed {
      expectClose(gradients.inputs[place], witness[place].value, "gradient of input \(place)")
    }
    for place in w.indices {
      let gradient = gradients.weights[place].dense(shape: w[place].shape)
      expectClose(gradient, witness[x.count + place].value, "gradient of weight \(place)")
    }
  }

  private func expectClose(_ a: Tensor, _ b: Tensor, _ what: String) {
    #expect(a.shape == b.shape, "\(what)")
    let size = max(1, b.values.map { abs($0) }.max() ?? 0)
    #expect(zip(a.values, b.values).allSatisfy { abs($0 - $1) < 2e-5 * size }, "\(what)")
  }
}

/// Mean 0 and variance 1 along an axis.
private func standardized(_ x: Variable, axis: Int, _ eps: Double) -> Variable {
  let centered = x - x.mean(axis: axis, keepsDimensions: true)
  return centered / sqrt((centered * centered).mean(axis: axis, keepsDimensions: true) + Variable(floatLiteral: eps))
}

/// The states of a cell over time, `[batch, time, depth]`.
private func overTime(
  _ x: Variable, _ depth: Int, from first: Variable? = nil, _ cell: (Variable, Variable) -> Variable
) -> Variable {
  let batch = x.shape[0]
  var state = first ?? Variable(Tensor(repeating: 0, shape: [batch, depth]))
  var states: [Variable] = []
  for time in 0..<x.shape[1] {
    state = cell(x.slice(axis: 1, time..<time + 1).reshaped([batch, x.shape[2]]), state)
    states.append(state.reshaped([batch, 1, depth]))
  }
  return concatenate(states, axis: 1)
}

private func gru(_ x: Variable, _ h: Variable, _ w: [Variable], isLab: Bool) -> Variable {
  let units = h.shape[1]
  func joined(_ h: Variable) -> Variable { concatenate(isLab ? [h, x] : [x, h]) }
  let ur = sigmoid(joined(h).matmul(w[0]) + w[1])
  let (u, r) = (ur.slice(axis: 1, 0..<units), ur.slice(axis: 1, units..<2 * units))
  let c = tanh(joined(r * h).matmul(w[2]) + w[3])
  return isLab ? u * c + (1 - u) * h : u * h + (1 - u) * c
}

private func lstm(_ x: Variable, _ state: Variable, _ w: [Variable]) -> Variable {
  let units = state.shape[1] / 2
  let (c, h) = (state.slice(axis: 1, 0..<units), state.slice(axis: 1, units..<2 * units))
  let y = concatenate([x, h]).matmul(w[0]) + w[1]
  func part(_ index: Int) -> Variable { y.slice(axis: 1, index * units..<(index + 1) * units) }
  let new = sigmoid(part(2)) * c + sigmoid(part(0)) * tanh(part(1))
  return concatenate([new, sigmoid(part(3)) * tanh(new)])
}
