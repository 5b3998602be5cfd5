/// What the targets of a batch are, which a loss and a metric are made for.
public enum TargetKind: Sendable, Equatable {
  /// One class a row, or one at every step: classes as exact floats, of the weights' shape.
  case classes
  /// Any number of classes a row: for every class a 1 if it is there or a 0, `[rows, classes]`; weights are one a row.
  case labels
  /// 1 for every row: the two sides of a row are duplicates, and those of different rows are not.
  case duplicates
}

/// Calls `body` with the index, the targets and the weight of every row that counts, where a row has a target for every
/// class.
/// - Parameter y: The number of outputs, and of classes.
func forEachRow(
  y: (count: Int, classes: Int), _ targets: Tensor, _ weights: Tensor,
  _ body: (Int, Slice<UnsafeBufferPointer<Float>>, Float) -> Void
) {
  precondition(
    targets.count == y.count && weights.count * y.classes == y.count,
    "\(targets.count) targets and \(weights.count) weights for \(y.count) outputs of \(y.classes) classes")
  targets.withValues { targets in
    weights.withValues { weights in
      for row in weights.indices where weights[row] != 0 {
        body(row, targets[row * y.classes..<(row + 1) * y.classes], weights[row])
      }
    }
  }
}
