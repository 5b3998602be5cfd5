/// An optimizer's rule for tables of which a step touches some rows, at the cost of these rows, although the rule may
/// move all of them in every step: the updates of the others are deferred until they are needed.
///
/// A step is `begin`, then `prepare` with the rows that the forward pass looks up, then `update` with the gradient. See
/// `Optimizer.rowwise(_:)`.
public protocol RowwiseOptimizer: Sendable {
  /// The slots of a table `[rows, depth]` before the first step.
  func slots(for table: Tensor) -> [Tensor]

  /// Goes to a step, from 1, which is about to be made.
  mutating func begin(_ step: Int)

  /// Makes the deferred updates of rows that the step needs.
  /// - Parameter rows: Indices of rows, each once and in order.
  func prepare(_ rows: [Int], of table: inout Tensor, slots: inout [Tensor])

  /// Changes a table and its slots by its gradient. All rows with a gradient have been prepared, or the gradient is
  /// dense.
  func update(_ table: inout Tensor, _ gradient: Gradient, slots: inout [Tensor])

  /// The table with no update deferred.
  func caughtUp(_ table: Tensor, slots: [Tensor]) -> Tensor
}
