/// Cross entropy of scores of any size, with smoothed targets: `L = −Σ w Σ_k p_k log softmax(y)_k / Σ w`, where p is
/// `1 − s` at the target and `s / classes` everywhere in addition.
///
///     y        [..., classes]  scores
///     targets  [...]           classes as exact floats
///     weights  [...]           0 for padding
///     dy       = w (softmax(y) − p) / Σ w
///
/// Source: Trax `WeightedCategoryCrossEntropy`; the smoothing: C. Szegedy et al., Rethinking the Inception
/// Architecture, 2015.
public struct CategoryCrossEntropy: Loss {
  /// The share of the target's probability that all classes divide.
  public let labelSmoothing: Float

  /// - Parameter labelSmoothing: The share of the target's probability that all classes divide.
  /// - Precondition: `labelSmoothing` is from 0 to 1.
  public init(labelSmoothing: Float = 0) {
    precondition(0...1 ~= labelSmoothing, "label smoothing is from 0 to 1, not \(labelSmoothing)")
    self.labelSmoothing = labelSmoothing
  }

  public var name: String { "CategoryCrossEntropy" }

  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> (loss: Float, gradient: Tensor) {
    let forward = LogSoftmax().forward(y)
    let scale = inverseSum(weights)
    let share = labelSmoothing / Float(y.depth)
    var loss = 0.0
    var dLog = Tensor(repeating: 0, shape: y.shape)
    dLog.withMutableValues { dLog in
      forward.output.withValues { log in
        forEachTarget(y, targets, weights) { row, target, weight in
          for k in 0..<y.depth {
            let p = share + (k == target ? 1 - labelSmoothing : 0)
            loss -= Double(weight * p * log[row * y.depth + k])
            dLog[row * y.depth + k] = -weight * p * scale
          }
        }
      }
    }
    return (Float(loss) * scale, forward.backward(dLog).input)
  }
}
