/// Adagrad's idea in little memory: the summed squares of the gradient are bounded by one number a row and one a column
/// (one for every index of every axis).
///
///     a  = min over the axes of their accumulators + g²
///     p  = g / √a + decay · w       (0 where a is 0)
///     m  ←  momentum · m + (1 − momentum) p           w  ←  w − rate · m
///     accumulator of an axis  ←  max of a over the other axes
///
/// The slots are m and an accumulator an axis. Trax's averaging of the squares and its grafting are left out: its
/// default is without. Source: R. Anil et al., Memory-Efficient Adaptive Optimization, 2019, SM3-II; Trax `SM3`.
public struct SM3: DeclaredOptimizer {
  public internal(set) var learningRate: Double
  /// The share of m that stays.
  public internal(set) var momentum: Double
  /// How much of a weight is added to its gradient.
  public internal(set) var weightDecay: Double

  /// - Parameters:
  ///   - learningRate: The learning rate without a schedule.
  ///   - momentum: The share of m that stays.
  ///   - weightDecay: How much of a weight is added to its gradient.
  public init(_ learningRate: Double = 0.01, momentum: Double = 0.9, weightDecay: Double = 0) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.weightDecay = weightDecay
  }

  public static let declaration = Declaration(
    "SM3", SM3(), .learningRate(\.learningRate), .number("momentum", \.momentum, .share, .labelled),
    .weightDecay(\.weightDecay))

  public func slots(for weight: Tensor) -> [Tensor] {
    [Tensor(repeating: 0, shape: weight.shape)] + weight.shape.map { Tensor(repeating: 0, shape: [$0]) }
  }

  public func update(
    _ weight: inout Tensor, _ gradient: Gradient, slots: inout [Tensor], step: Int, learningRate: Double
  ) {
    let g = gradient.dense(shape: weight.shape).values
    let (old, new, rate, decay) = (Float(momentum), Float(1 - momentum), Float(learningRate), Float(weightDecay))
    let lengths = weight.shape
    var m = slots.take(0)
    let bounds = slots.dropFirst().map(\.values)
    var largest = lengths.map { [Float](repeating: 0, count: $0) }
    weight.withMutableValues { w in
      m.withMutableValues { m in
        var position = [Int](repeating: 0, count: lengths.count)
        for index in 0..<w.count {
          var a = Float.infinity
          for axis in position.indices { a = min(a, bounds[axis][position[axis]]) }
          a += g[index] * g[index]
          for axis in position.indices { largest[axis][position[axis]] = max(largest[axis][position[axis]], a) }
          let p = (a > 0 ? g[index] / (a.squareRoot() + 1e-16) : 0) + decay * w[index]
          m[index] = old * m[index] + new * p
          w[index] -= rate * m[index]
          for axis in position.indices.reversed() {  // the next position, the last axis first
            position[axis] += 1
            if position[axis] < lengths[axis] { break }
            position[axis] = 0
          }
        }
      }
    }
    slots = [m] + largest.map { Tensor($0) }
  }
}
