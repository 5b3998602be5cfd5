import Neural

// Formulas of layers in variables, for the cases of `LayerCase`.

/// Mean 0 and variance 1 along an axis.
func standardized(_ x: Variable, axis: Int, _ eps: Double) -> Variable {
  let centered = x - x.mean(axis: axis, keepsDimensions: true)
  return centered / sqrt((centered * centered).mean(axis: axis, keepsDimensions: true) + Variable(floatLiteral: eps))
}

/// The states of a cell over time, `[batch, time, depth]`.
func overTime(
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

/// The state of a GRU after a step.
func gru(_ x: Variable, _ h: Variable, _ w: [Variable], isLab: Bool) -> Variable {
  let units = h.shape[1]
  func joined(_ h: Variable) -> Variable { concatenate(isLab ? [h, x] : [x, h]) }
  let ur = sigmoid(joined(h).matmul(w[0]) + w[1])
  let (u, r) = (ur.slice(axis: 1, 0..<units), ur.slice(axis: 1, units..<2 * units))
  let c = tanh(joined(r * h).matmul(w[2]) + w[3])
  return isLab ? u * c + (1 - u) * h : u * h + (1 - u) * c
}

/// The state `[c, h]` of an LSTM after a step.
func lstm(_ x: Variable, _ state: Variable, _ w: [Variable]) -> Variable {
  let units = state.shape[1] / 2
  let (c, h) = (state.slice(axis: 1, 0..<units), state.slice(axis: 1, units..<2 * units))
  let y = concatenate([x, h]).matmul(w[0]) + w[1]
  func part(_ index: Int) -> Variable { y.slice(axis: 1, index * units..<(index + 1) * units) }
  let new = sigmoid(part(2)) * c + sigmoid(part(0)) * tanh(part(1))
  return concatenate([new, sigmoid(part(3)) * tanh(new)])
}
