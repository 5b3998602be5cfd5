import Neural
import Testing

/// Every layer's own way back against the tape of `gradient(of:)`, for which the layer's formula is written once more.
@Suite struct WitnessTests {
  typealias Formula = @Sendable (_ x: [Variable], _ w: [Variable]) -> [Variable]

  /// The formula of each case of `LayerCase`, by its expression. Weights come in the order of `visitWeights`.
  static let formulas: [String: Formula] = [
    "Add": { x, _ in [x[0] + x[1]] },
    "BatchNorm": { x, w in [standardized(x[0], axis: 0, 1e-5) * w[1] + w[0]] },
    "Branch(Dense(2) Serial() Tanh)": { x, w in [x[0].matmul(w[0]) + w[1], x[0], tanh(x[0])] },
    "Concatenate": { x, _ in [concatenate(x)] },
    "Concatenate(3, axis: 1)": { x, _ in [concatenate(x, axis: 1)] },
    "Dense(3)": { x, w in [x[0].matmul(w[0]) + w[1]] },
    "Dense(2)": { x, w in [x[0].matmul(w[0]) + w[1]] },
    "Dense(3, bias: false)": { x, w in [x[0].matmul(w[0])] },
    "Dup": { x, _ in [x[0], x[0]] },
    "Embedding(7, 3)": { x, w in [w[0].gather(x[0].value)] },
    "GRU(3)": { x, w in [overTime(x[0], 3) { gru($0, $1, w, isLab: false) }] },
    "GRU(3, convention: lab)": { x, w in [overTime(x[0], 3) { gru($0, $1, w, isLab: true) }] },
    "GRUCell(3)": { x, w in Array(repeating: gru(x[0], x[1], w, isLab: false), count: 2) },
    "GRUCell(2, convention: lab)": { x, w in Array(repeating: gru(x[0], x[1], w, isLab: true), count: 2) },
    "LayerNorm": { x, w in [standardized(x[0], axis: -1, 1e-6) * w[0] + w[1]] },
    "LogSoftmax": { x, _ in [x[0] - log(exp(x[0]).sum(axis: -1, keepsDimensions: true))] },
    "LogSoftmax(axis: 1)": { x, _ in [x[0] - log(exp(x[0]).sum(axis: 1, keepsDimensions: true))] },
    "LSTM(2)": { x, w in [overTime(x[0], 4) { lstm($0, $1, w) }.slice(axis: 2, 2..<4)] },
    "LSTMCell(3)": { x, w in
      let state = lstm(x[0], x[1], w)
      return [state.slice(axis: 1, 3..<6), state]
    },
    "MaskedMean": { x, _ in
      let mask = Variable(x[1].value).reshaped([3, 4, 1])
      return [(x[0] * mask).sum(axis: 1) / mask.sum(axis: 1)]
    },
    "Mean": { x, _ in [x[0].mean(axis: 1)] },
    "Mean(axis: -1)": { x, _ in [x[0].mean(axis: -1)] },
    "Parallel(Dense(2) Add)": { x, w in [x[0].matmul(w[0]) + w[1], x[1] + x[2]] },
    "Relu": { x, _ in [relu(x[0])] },
    "Residual(Dense(4) Tanh)": { x, w in [x[0] + tanh(x[0].matmul(w[0]) + w[1])] },
    "RNN(3)": { x, w in [overTime(x[0], 3) { tanh(concatenate([$1, $0]).matmul(w[0]) + w[1]) }] },
    "RNNCell(2, activation: sigmoid)": { x, w in
      Array(repeating: sigmoid(concatenate([x[1], x[0]]).matmul(w[0]) + w[1]), count: 2)
    },
    "Scan(GRUCell(3))": { x, w in
      let ys = overTime(x[0], 3, from: x[1]) { gru($0, $1, w, isLab: false) }
      return [ys, ys.slice(axis: 1, 2..<3).reshaped([2, 3])]
    },
    "Select(1, 0, 1)": { x, _ in [x[1], x[0], x[1]] },
    "Serial(Dense(4) Relu Serial(Dense(2) LogSoftmax))": { x, w in
      let y = relu(x[0].matmul(w[0]) + w[1]).matmul(w[2]) + w[3]
      return [y - log(exp(y).sum(axis: -1, keepsDimensions: true))]
    },
    "ShiftRight": { x, _ in
      [concatenate([Variable(Tensor(repeating: 0, shape: [2, 1, 2])), x[0].slice(axis: 1, 0..<2)], axis: 1)]
    },
    "Sigmoid": { x, _ in [sigmoid(x[0])] },
    "Softmax": { x, _ in [exp(x[0]) / exp(x[0]).sum(axis: -1, keepsDimensions: true)] },
    "Softmax(axis: 1)": { x, _ in [exp(x[0]) / exp(x[0]).sum(axis: 1, keepsDimensions: true)] },
    "Swap": { x, _ in [x[1], x[0]] },
    "Tanh": { x, _ in [tanh(x[0])] },
  ]

  /// Layers whose gradient is zero, or one of chance that `Dropout`'s own test looks at.
  static let exempt: Set = ["Drop", "Dropout", "OneHot", "PaddingMask"]

  @Test func everyLayerHasAWitness() {
    for usage in LayerExpression.usages {
      let name = String(usage.prefix { $0.isLetter })
      #expect(Self.exempt.contains(name) || Self.formulas.keys.contains { $0.contains(name) }, "\(name)")
    }
  }

  @Test(arguments: formulas.keys.sorted())
  func theTapeAgrees(_ expression: String) throws {
    let test = try #require(LayerCase.all.first { $0.expression == expression })
    let layer = try test.layer()
    let forward = layer.forward(test.inputs(), Pass(.train))
    let seeds = forward.outputs.enumerated().map { place, output in output.map { $0 * $0 + Float(place) } }
    let gradients = forward.back(seeds)

    let x = test.inputs().map { Variable($0) }
    let w = layer.weights.map { Variable($0.value) }
    let outputs = try #require(Self.formulas[expression])(x, w)
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
