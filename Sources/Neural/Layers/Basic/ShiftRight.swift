/// Moves a sequence by one step into the future: zeros come first, the last step drops out, so that a model sees at
/// every step only what went before. A pass that continues the last one begins with the steps that dropped out of that
/// instead of zeros. In mode predict, where steps come one at a time, nothing moves.
///
///     x  [batch, time, ...]
///     y  [batch, time, ...]
///
/// Source: Trax `ShiftRight`.
public struct ShiftRight: DeclaredLayer {
  /// By how many steps.
  public internal(set) var steps: Int
  /// What dropped out of the last pass; empty before the first.
  public var carry = Tensor.empty

  /// - Parameter steps: By how many steps sequences are shifted, 1 or more.
  public init(_ steps: Int = 1) { self.steps = steps }

  public static let declaration = Declaration(
    "ShiftRight", ShiftRight(), .integer("steps", \.steps, .bareIfChanged) { $0.steps = $1 })

  public var name: String { steps == 1 ? "ShiftRight" : "ShiftRight(\(steps))" }

  public var timeShift: Int { steps }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    guard inputs[0].count >= 2 else { throw LayerError("\(name) takes inputs [batch, time, ...], not \(inputs[0])") }
    return inputs
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let x = inputs[0]
    if pass.mode == .predict { return Forward(outputs: inputs, state: [carry]) { Gradients(inputs: $0) } }
    let length = x.shape[1]
    let moved = min(steps, length)
    var shape = x.shape
    shape[1] = moved
    let zeros = Tensor(repeating: 0, shape: shape)
    let first = pass.continues && carry.shape == shape ? carry : zeros
    let y = Tensor.concatenate([first, x.slice(axis: 1, 0..<length - moved)], axis: 1)
    return Forward(outputs: [y], state: [x.slice(axis: 1, length - moved..<length)]) { dys in
      Gradients(inputs: [Tensor.concatenate([dys[0].slice(axis: 1, moved..<length), zeros], axis: 1)])
    }
  }

  public mutating func visitState(_ visit: (String, StateKind, inout Tensor) throws -> Void) rethrows {
    try visit("carry", .carried, &carry)
  }
}
