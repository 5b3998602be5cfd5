/// The mean of `−log p(target)`: `L = −Σ w · y[target] / Σ w`.
///
///     y        [..., classes]  log probabilities
///     targets  [...]           classes as exact floats
///     weights  [...]           0 for padding
///     dy       = −w / Σ w at the target, 0 elsewhere
///
/// Outputs may also be a chain `[batch, time, classes, classes]`, as `CRF` gives it: then `y[target before, target]` is
/// what counts, and the sum over a row is the logarithm of the probability of all its targets together.
///
/// Source: Trax `CrossEntropyLoss`, which stands behind a LogSoftmax.
public struct CrossEntropyLoss: Loss {
  /// The loss; it has no options.
  public init() {}

  public var name: String { "CrossEntropyLoss" }

  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> (loss: Float, gradient: Tensor) {
    let scale = inverseSum(weights)
    var loss = 0.0
    var gradient = Tensor(repeating: 0, shape: y.shape)
    gradient.withMutableValues { gradient in
      y.withValues { values in
        forEachTarget(y, targets, weights) { row, target, weight in
          let index = row * y.depth + target
          loss -= Double(weight * values[index])
          gradient[index] = -weight * scale
        }
      }
    }
    return (Float(loss) * scale, gradient)
  }
}
