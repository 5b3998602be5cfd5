import CKernels

/// Adam with weight decay.
///
///     m  ←  b1 m + (1 − b1) g               v  ←  b2 v + (1 − b2) g²
///     w  ←  (1 − decay) w − rate · m / (1 − b1ᵗ) / (√(v / (1 − b2ᵗ)) + eps)
///
/// with t the step from 1. Every element of a weight moves in every step, also where the gradient is zero; a `Trainer`
/// defers that for the rows of a table which a step does not touch (`DeferredAdam`). A lazy Adam leaves them as they
/// are (PyTorch: `SparseAdam`). Source: D. P. Kingma, J. Ba, Adam: A Method for Stochastic Optimization, 2015,
/// algorithm 1; Trax `Adam`.
public struct Adam: DeclaredOptimizer {
  public internal(set) var learningRate: Double
  /// The share of a weight that goes away in every step.
  public internal(set) var weightDecay: Double
  /// How slowly the mean of the gradient and of its square follow.
  public internal(set) var b1: Double, b2: Double
  /// Keeps the divisor away from zero.
  public internal(set) var eps: Double
  /// Whether rows without a gradient stay as they are.
  public internal(set) var isLazy: Bool

  /// - Parameters:
  ///   - learningRate: The learning rate without a schedule.
  ///   - weightDecay: The share of a weight that goes away in every step.
  ///   - b1: The share of the first moment that a step keeps.
  ///   - b2: The share of the second moment that a step keeps.
  ///   - eps: Added to the divisor.
  ///   - isLazy: Whether rows without a gradient stay as they are.
  public init(
    _ learningRate: Double = 1e-4, weightDecay: Double = 1e-5, b1: Double = 0.9, b2: Double = 0.999,
    eps: Double = 1e-5, isLazy: Bool = false
  ) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.b1 = b1
    self.b2 = b2
    self.eps = eps
    self.isLazy = isLazy
  }

  public static let declaration = Declaration(
    "Adam", Adam(), .learningRate(\.learningRate) { $0.learningRate = $1 },
    .weightDecay(\.weightDecay) { $0.weightDecay = $1 },
    .number("b1", \.b1, .belowOne, .labelled) { $0.b1 = $1 }, .number("b2", \.b2, .belowOne, .labelled) { $0.b2 = $1 },
    .number("eps", \.eps, .positive, .labelled) { $0.eps = $1 }, .truth("lazy", \.isLazy) { $0.isLazy = $1 })

  public func slots(for weight: Tensor) -> [Tensor] {
    [Tensor(repeating: 0, shape: weight.shape), Tensor(repeating: 0, shape: weight.shape)]
  }

  /// What is left of a weight after a step's decay, as the steps compute it.
  var kept: Double { Double(Float(1 - weightDecay)) }

  public func update(
    _ weight: inout Tensor, _ gradient: Gradient, slots: inout [Tensor], step: Int, learningRate: Double
  ) {
    update(&weight, gradient, slots: &slots, step: step, learningRate: learningRate, leavesRows: isLazy)
  }

  public func rowwise(_ schedule: @escaping Schedule) -> (any RowwiseOptimizer)? { DeferredAdam(self, schedule) }

  /// An update that may leave rows without a gradient as they are.
  func update(
    _ weight: inout Tensor, _ gradient: Gradient, slots: inout [Tensor], step: Int, learningRate: Double,
    leavesRows: Bool
  ) {
    // Factors are worked out in double precision, as Python does: 1 − 0.999 in float32 is off in the fifth digit.
    let factors = adam_factors(
      b1: Float(b1), b2: Float(b2), new1: Float(1 - b1), new2: Float(1 - b2), kept: Float(kept),
      rate: Float(learningRate / (1 - power(b1, step))), correction2: Float(1 / (1 - power(b2, step))), eps: Float(eps))
    let (count, depth) = (weight.count, weight.depth)
    let gathered = leavesRows ? gradient.gathered : nil
    var (firstMoment, secondMoment) = (slots.take(0), slots.take(1))
    weight.withMutableValues { w in
      firstMoment.withMutableValues { m in
        secondMoment.withMutableValues { v in
          guard let (rows, sums) = gathered else {
            return forEachRange(gradient, count: count) { range, g in
              let start = range.lowerBound
              kernel_adam(
                w.baseAddress! + start, m.baseAddress! + start, v.baseAddress! + start, g, range.count, factors)
            }
          }
          rows.withUnsafeBufferPointer { rows in
            sums.withValues { sums in
              inRanges(of: rows.count, work: depth) { range in
                kernel_adam_rows(
                  w.baseAddress!, m.baseAddress!, v.baseAddress!, sums.baseAddress! + range.lowerBound * depth,
                  rows.baseAddress! + range.lowerBound, range.count, depth, factors)
              }
            }
          }
        }
      }
    }
    slots = [firstMoment, secondMoment]
  }
}

extension [Tensor] {
  /// Moves a tensor out, so that changing it copies nothing.
  mutating func take(_ index: Int) -> Tensor {
    var tensor = Tensor.empty
    swap(&tensor, &self[index])
    return tensor
  }
}

/// `base` to the power of a whole number.
func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, factor, remaining) = (1.0, base, exponent)
  while remaining > 0 {
    if remaining & 1 == 1 { result *= factor }
    factor *= factor
    remaining >>= 1
  }
  return result
}
