/// Descent with steps divided by the root of a running mean of the squared gradient:
///
///     s  ←  gamma · s + (1 − gamma) g²       w  ←  w − rate · g / (√s + eps)
///
/// The slot is s, which starts at 1. Source: G. Hinton, Neural Networks for Machine Learning, lecture 6e, 2012; Trax
/// `RMSProp`.
public struct RMSProp: DeclaredOptimizer {
  public internal(set) var learningRate: Double
  /// How slowly the mean follows.
  public internal(set) var gamma: Double
  /// Keeps the divisor away from zero.
  public internal(set) var eps: Double

  /// - Parameters:
  ///   - learningRate: The learning rate without a schedule.
  ///   - gamma: The share of the mean of squares that a step keeps.
  ///   - eps: Added to the divisor.
  public init(_ learningRate: Double = 0.001, gamma: Double = 0.9, eps: Double = 1e-8) {
    self.learningRate = learningRate
    self.gamma = gamma
    self.eps = eps
  }

  public static let declaration = Declaration(
    "RMSProp", RMSProp(), .learningRate(\.learningRate), .number("gamma", \.gamma, .share, .labelled),
    .number("eps", \.eps, .positive, .labelled))

  public func slots(for weight: Tensor) -> [Tensor] { [Tensor(repeating: 1, shape: weight.shape)] }

  public func update(
    _ weight: inout Tensor, _ gradient: Gradient, slots: inout [Tensor], step: Int, learningRate: Double
  ) {
    let (old, new, rate, eps) = (Float(gamma), Float(1 - gamma), Float(learningRate), Float(eps))
    let count = weight.count
    weight.withMutableValues { w in
      slots[0].withMutableValues { s in
        forEachRange(gradient, count: count) { range, g in
          if let g {
            for index in range {
              let g = g[index - range.lowerBound]
              s[index] = old * s[index] + new * g * g
              w[index] -= rate * g / (s[index].squareRoot() + eps)
            }
          } else {
            for index in range { s[index] *= old }
          }
        }
      }
    }
  }
}
