/// Descent with momentum, in Nesterov's form, and weight decay:
///
///     v  ←  mass · v + g                  w  ←  (1 − decay) w − rate · (mass · v + g)
///
/// Without `nesterov` the step is `rate · v`. The slot is v.
/// Source: Y. Nesterov, A method of solving a convex programming problem with convergence rate O(1/k²), 1983; Trax
/// `Momentum`.
public struct Momentum: DeclaredOptimizer {
  public internal(set) var learningRate: Double
  /// The share of the velocity that stays.
  public internal(set) var mass: Double
  /// The share of a weight that goes away in every step.
  public internal(set) var weightDecay: Double
  /// Whether the step looks ahead.
  public internal(set) var nesterov: Bool

  /// - Parameters:
  ///   - learningRate: The learning rate without a schedule.
  ///   - mass: The share of the velocity that a step keeps.
  ///   - weightDecay: The share of a weight that goes away in every step.
  ///   - nesterov: Whether the gradient counts as that of the weight a step ahead.
  public init(_ learningRate: Double = 0.01, mass: Double = 0.9, weightDecay: Double = 1e-5, nesterov: Bool = true) {
    self.learningRate = learningRate
    self.mass = mass
    self.weightDecay = weightDecay
    self.nesterov = nesterov
  }

  public static let declaration = Declaration(
    "Momentum", Momentum(), .learningRate(\.learningRate), .number("mass", \.mass, .share, .labelled),
    .weightDecay(\.weightDecay), .truth("nesterov", \.nesterov, .labelled))

  public func slots(for weight: Tensor) -> [Tensor] { [Tensor(repeating: 0, shape: weight.shape)] }

  public func update(
    _ weight: inout Tensor, _ gradient: Gradient, slots: inout [Tensor], step: Int, learningRate: Double
  ) {
    let (mass, kept, rate) = (Float(mass), Float(1 - weightDecay), Float(learningRate))
    // The step is rate · (a · v + b · g).
    let (a, b): (Float, Float) = nesterov ? (mass, 1) : (1, 0)
    let count = weight.count
    weight.withMutableValues { w in
      slots[0].withMutableValues { v in
        @inline(__always) func move(_ index: Int, _ g: Float) {
          v[index] = mass * v[index] + g
          w[index] = kept * w[index] - rate * (a * v[index] + b * g)
        }
        forEachRange(gradient, count: count) { range, g in
          if let g {
            for index in range { move(index, g[index - range.lowerBound]) }
          } else {
            for index in range { move(index, 0) }
          }
        }
      }
    }
  }
}
