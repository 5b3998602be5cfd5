/// Moves a sequence by one step into the future: zeros come first, the last step drops out, so that a model sees at every
/// step only what went before. In mode predict, where steps come one at a time, nothing moves.
///
///     x  [batch, time, ...]
///     y  [batch, time, ...]
///
/// Source: Trax `ShiftRight`.
public struct ShiftRight: Layer {
  /// By how many steps.
  public let steps: Int

  public init(_ steps: Int = 1) { self.steps = steps }

  public var name: String { steps == 1 ? "ShiftRight" : "ShiftRight(\(steps))" }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    guard inputs[0].count >= 2 else { throw LayerError("\(name) takes inputs [batch, time, ...], not \(inputs[0])") }
    return inputs
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> StackForward {
    if pass.mode == .predict { return StackForward(outputs: inputs) { StackGradients(inputs: $0) } }
    let x = inputs[0]
    let moved = min(steps, x.shape[1])
    var padding = x.shape
    padding[1] = moved
    let zeros = Tensor(repeating: 0, shape: padding)
    let length = x.shape[1]
    let y = Tensor.concatenate([zeros, x.slice(axis: 1, 0..<length - moved)], axis: 1)
    return StackForward(outputs: [y]) { dys in
      StackGradients(inputs: [Tensor.concatenate([dys[0].slice(axis: 1, moved..<length), zeros], axis: 1)])
    }
  }
}
