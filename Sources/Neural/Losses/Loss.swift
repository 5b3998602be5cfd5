/// A number that says how far a model's outputs are from their targets, and its gradient.
///
/// Losses are means over examples weighted by `weights`: weight 0 is padding and counts for nothing. When all weights
/// are 0, the loss and its gradient are 0; whoever takes means leaves such a loss out.
public protocol Loss: Sendable {
  /// The name, as in Trax.
  var name: String { get }

  /// The targets that it is for. Default: classes.
  var targetKind: TargetKind { get }

  /// The loss and its gradient with respect to the outputs `y`.
  func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> (loss: Float, gradient: Tensor)
}

extension Loss {
  public var targetKind: TargetKind { .classes }
}

/// The weighted mean of a function of every output and its target, of equal shapes, with its derivative.
func elementwiseMean(
  _ y: Tensor, _ targets: Tensor, _ weights: Tensor, _ term: (Float, Float) -> (value: Float, derivative: Float)
) -> (loss: Float, gradient: Tensor) {
  precondition(
    y.shape == targets.shape && y.shape == weights.shape,
    "outputs \(y.shape), targets \(targets.shape) and weights \(weights.shape) must have one shape")
  let scale = inverseSum(weights)
  var loss = 0.0
  let gradient = y.withValues { y in
    targets.withValues { targets in
      weights.withValues { weights in
        Tensor(shape: [targets.count]) { gradient in
          for index in gradient.indices {
            guard weights[index] != 0 else {
              gradient[index] = 0
              continue
            }
            let (value, derivative) = term(y[index], targets[index])
            loss += Double(weights[index] * value)
            gradient[index] = weights[index] * derivative * scale
          }
        }
      }
    }
  }
  return (Float(loss) * scale, gradient.reshaped(y.shape))
}

/// One divided by the sum of the weights; 0 when that is 0.
func inverseSum(_ weights: Tensor) -> Float {
  let total = weights.withValues { $0.reduce(0) { $0 + Double($1) } }
  return total > 0 ? Float(1 / total) : 0
}

/// Calls `body` with the row, the class and the weight of every target that counts.
func forEachTarget(_ y: Tensor, _ targets: Tensor, _ weights: Tensor, _ body: (Int, Int, Float) -> Void) {
  precondition(
    targets.count == y.rows && weights.count == y.rows,
    "\(targets.count) targets and \(weights.count) weights for outputs of shape \(y.shape)")
  targets.withValues { targets in
    weights.withValues { weights in
      for row in targets.indices where weights[row] != 0 {
        let target = Int(targets[row])
        precondition(0..<y.depth ~= target, "target \(target) is no class of \(y.depth)")
        body(row, target, weights[row])
      }
    }
  }
}
