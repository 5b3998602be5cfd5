/// A rule that changes one tensor by its gradient. What it remembers from step to step are its slots, tensors that the
/// training loop keeps.
public protocol Optimizer: Sendable {
  /// How the optimizer is written in an expression: `Adam(0.01)`.
  var expression: String { get }

  /// The learning rate where no schedule gives one.
  var learningRate: Double { get }

  /// The slots of a weight before the first step.
  func slots(for weight: Tensor) -> [Tensor]

  /// Changes a weight and its slots by its gradient.
  /// - Parameters:
  ///   - gradient: Of the weight's shape.
  ///   - slots: Those that `slots(for:)` made, as the last step left them.
  ///   - step: The number of the step, from 1.
  func update(_ weight: inout Tensor, _ gradient: Gradient, slots: inout [Tensor], step: Int, learningRate: Double)

  /// The same rule for tables of which a step touches some rows, at the cost of these rows. Default: nil, there is
  /// none; a table is updated like any other weight.
  /// - Parameter schedule: The learning rate of every step.
  func rowwise(_ schedule: @escaping Schedule) -> (any RowwiseOptimizer)?
}

extension Optimizer {
  public func rowwise(_ schedule: @escaping Schedule) -> (any RowwiseOptimizer)? { nil }
}

extension Optimizer {
  /// Calls `body` with every range of a weight's elements and the gradient there, nil where it is zero. The gradient
  /// of a table is zero but for some rows, and its dense form would be most of the work.
  func forEachRange(
    _ gradient: Gradient, count: Int, _ body: (Range<Int>, UnsafePointer<Float>?) -> Void
  ) {
    switch gradient {
    case .dense(let gradient):
      precondition(gradient.count == count, "a gradient of \(gradient.count) numbers for a weight of \(count)")
      gradient.withValues { body(0..<count, $0.baseAddress!) }
    case .rows(_, let values):
      // Between the rows that occur lie ranges without a gradient.
      let (rows, sums) = gradient.compacted
      let depth = values.depth
      sums.withValues { sums in
        var next = 0
        for (index, row) in rows.enumerated() {
          if row * depth > next { body(next..<row * depth, nil) }
          next = (row + 1) * depth
          body(row * depth..<next, sums.baseAddress! + index * depth)
        }
        if next < count { body(next..<count, nil) }
      }
    }
  }
}
