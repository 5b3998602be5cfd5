/// One step of a recurrent layer: takes an input and a state, and gives an output and the next state.
///
///     x      [batch, depth]             y       [batch, units]
///     state  [batch, stateDepth]        state'  [batch, stateDepth]
public protocol RecurrentCell: Layer {
  /// The depth of the output.
  var units: Int { get }
  /// The depth of the state.
  var stateDepth: Int { get }
}

extension RecurrentCell {
  public var inputCount: Int { 2 }
  public var outputCount: Int { 2 }
  public var stateDepth: Int { units }

  /// The depth of the input.
  /// - Throws: `LayerError` unless the shapes are those of an input and a state.
  func inputDepth(_ inputs: [[Int]]) throws(LayerError) -> Int {
    try checkCount(inputs)
    guard inputs.allSatisfy({ $0.count == 2 }), inputs[0][0] == inputs[1][0], inputs[1][1] == stateDepth else {
      throw LayerError("\(name) takes [batch, depth] and [batch, \(stateDepth)], not \(inputs)")
    }
    return inputs[0][1]
  }
}
