import Foundation
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

/// The lengths of rows up to the last step that a mask lets count.
func rowLengths(_ mask: Tensor) -> [Int] {
  (0..<mask.shape[0]).map { row in
    (mask.slice(axis: 0, row..<row + 1).values.lastIndex { $0 != 0 } ?? -1) + 1
  }
}

/// 1 for the steps within the lengths of rows, `[batch, time]`.
func mask(_ lengths: [Int], time: Int) -> Tensor {
  Tensor(lengths.map { length in (0..<time).map { $0 < length ? 1 : 0 } })
}

/// Every row's steps within its length from behind, `[batch, time, depth]`.
func reversed(_ x: Variable, _ lengths: [Int]) -> Variable {
  let rows = lengths.enumerated().map { row, length in
    let x = x.slice(axis: 0, row..<row + 1)
    let order = Array((0..<length).reversed()) + Array(length..<x.shape[1])
    return concatenate(order.map { x.slice(axis: 1, $0..<$0 + 1) }, axis: 1)
  }
  return concatenate(rows, axis: 0)
}

/// The chain of a conditional random field: scores `[batch, time, tags]`, transitions, and scores of first and last
/// tags.
func chain(_ x: Variable, _ lengths: [Int], _ w: [Variable]) -> Variable {
  let (time, tags) = (x.shape[1], x.shape[2])
  let rows = lengths.enumerated().map { row, length in
    var steps = Array(
      repeating: Variable(Tensor(repeating: -logf(Float(tags)), shape: [1, 1, tags, tags])), count: time)
    var beta = w[2].reshaped([1, tags])
    for step in (0..<length).reversed() {
      let here = x.slice(axis: 0, row..<row + 1).slice(axis: 1, step..<step + 1).reshaped([1, tags]) + beta
      let sums = (step == 0 ? w[1].reshaped([1, tags]) + w[0] * 0 : w[0]) + here
      let logSums = log(exp(sums).sum(axis: 1, keepsDimensions: true))
      steps[step] = (sums - logSums).reshaped([1, 1, tags, tags])
      beta = logSums.reshaped([1, tags])
    }
    return concatenate(steps, axis: 1)
  }
  return concatenate(rows, axis: 0)
}

/// How much each id counts in each text of a first batch, `[texts, rows]`, by the definition.
func tfIdf(_ ids: Tensor, rows: Int, words: Int) -> Variable {
  let each = ids.shape.last!
  let texts = stride(from: 0, to: ids.count, by: each).map { start in
    Set(ids.values[start..<start + each].map { Int($0) }).subtracting([0])
  }
  let weights = (0..<rows).map { id in
    log(Double(1 + texts.count) / Double(1 + texts.count { $0.contains(id) })) + 1
  }
  var values: [Float] = []
  for text in texts {
    for id in 0..<rows {
      let group = text.filter { ($0 < words) == (id < words) }.map { weights[$0] * weights[$0] }.reduce(0, +)
      values.append(text.contains(id) ? Float(weights[id] / group.squareRoot()) : 0)
    }
  }
  return Variable(Tensor(values, shape: [texts.count, rows]))
}
