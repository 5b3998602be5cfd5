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

  /// The loss and its gradients with respect to all outputs of a model. Default: that of the only one.
  func callAsFunction(_ outputs: [Tensor], targets: Tensor, weights: Tensor) -> (loss: Float, gradients: [Tensor])
}

extension Loss {
  public var targetKind: TargetKind { .classes }

  /// That of the only output.
  /// - Precondition: There is one output.
  public func callAsFunction(
    _ outputs: [Tensor], targets: Tensor, weights: Tensor
  ) -> (loss: Float, gradients: [Tensor]) {
    precondition(outputs.count == 1, "\(name) is of one output, not \(outputs.count)")
    let (loss, gradient) = self(outputs[0], targets: targets, weights: weights)
    return (loss, [gradient])
  }
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

/// Calls `body` with the row of `y`, the class and the weight of every target that counts.
///
/// Outputs are `[..., classes]` for targets `[...]`; or, of a chain, `[batch, time, classes, classes]` for
/// `[batch, time]`, where the row is that of the target before.
func forEachTarget(_ y: Tensor, _ targets: Tensor, _ weights: Tensor, _ body: (Int, Int, Float) -> Void) {
  let (isChain, time) = (y.isChain(of: targets), targets.shape.last ?? 1)
  precondition(
    targets.count * (isChain ? y.depth : 1) == y.rows && weights.count == targets.count,
    "\(targets.count) targets and \(weights.count) weights for outputs of shape \(y.shape)")
  targets.withValues { targets in
    func target(_ index: Int) -> Int {
      let target = Int(targets[index])
      precondition(0..<y.depth ~= target, "target \(target) is no class of \(y.depth)")
      return target
    }
    weights.withValues { weights in
      for index in targets.indices where weights[index] != 0 {
        guard isChain else {
          body(index, target(index), weights[index])
          continue
        }
        let before = index % time == 0 ? 0 : target(index - 1)
        body(index * y.depth + before, target(index), weights[index])
      }
    }
  }
}

extension Tensor {
  /// Whether these outputs give, at every step, probabilities of classes for every class that the step before may have.
  func isChain(of targets: Tensor) -> Bool {
    targets.shape.count == 2 && shape == targets.shape + [depth, depth]
  }

  /// The class that is predicted, for every row of outputs: that of the largest number, or of the best sequence of a
  /// chain, for all rows of a step.
  func predictions(of targets: Tensor) -> [Int] {
    guard isChain(of: targets) else { return argmax() }
    var predictions = [Int](repeating: 0, count: rows)
    let (batch, time, count) = (shape[0], shape[1], depth)
    predictions.withUnsafeMutableBufferPointer { predictions in
      nonisolated(unsafe) let predictions = predictions
      inRanges(of: batch, work: time * count * count) { rows in
        for row in rows {
          for (step, tag) in TagOutputs(self, row: row, length: time).best().enumerated() {
            (predictions.baseAddress! + (row * time + step) * count).update(repeating: tag, count: count)
          }
        }
      }
    }
    return predictions
  }
}
