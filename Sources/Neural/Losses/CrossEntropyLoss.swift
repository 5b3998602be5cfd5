/// The mean of `−log p(target)` over examples, weighted: `L = −Σ w · y[target] / Σ w`.
///
///     y        [..., classes]  log probabilities
///     targets  [...]           classes as exact floats
///     weights  [...]           0 for what does not count, padding
///     dy       = −w / Σ w at the target, 0 elsewhere
///
/// Source: Trax `CrossEntropyLoss` (`WeightedCategoryCrossEntropy`) behind a LogSoftmax.
public struct CrossEntropyLoss: Sendable {
  public init() {}

  /// The loss and its gradient with respect to `y`. Both are 0 when all weights are.
  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> (loss: Float, gradient: Tensor) {
    let total = weights.values.reduce(0, +)
    let scale = total > 0 ? 1 / total : 0
    var loss: Float = 0
    var gradient = Tensor(repeating: 0, shape: y.shape)
    gradient.withMutableValues { gradient in
      forEachTarget(y, targets, weights) { row, target, weight in
        let place = row * y.depth + target
        loss -= weight * scale * y.withValues { $0[place] }
        gradient[place] = -weight * scale
      }
    }
    return (loss, gradient)
  }
}

/// Calls `body` with the row, the class and the weight of every target.
func forEachTarget(_ y: Tensor, _ targets: Tensor, _ weights: Tensor, _ body: (Int, Int, Float) -> Void) {
  precondition(
    targets.count == y.rows && weights.count == y.rows,
    "\(targets.count) targets and \(weights.count) weights for outputs of shape \(y.shape)")
  targets.withValues { targets in
    weights.withValues { weights in
      for row in targets.indices {
        let target = Int(targets[row])
        precondition(0..<y.depth ~= target, "target \(target) is no class of \(y.depth)")
        body(row, target, weights[row])
      }
    }
  }
}
