/// Steepest descent: `w ← w − rate · g`. Source: Trax `SGD`.
public struct SGD: DeclaredOptimizer {
  public internal(set) var learningRate: Double

  /// - Parameter learningRate: The learning rate without a schedule.
  public init(_ learningRate: Double = 0.01) { self.learningRate = learningRate }

  public static let declaration = Declaration("SGD", SGD(), .learningRate(\.learningRate))

  public func slots(for weight: Tensor) -> [Tensor] { [] }

  public func update(
    _ weight: inout Tensor, _ gradient: Gradient, slots: inout [Tensor], step: Int, learningRate: Double
  ) {
    let rate = Float(learningRate)
    let count = weight.count
    weight.withMutableValues { w in
      forEachRange(gradient, count: count) { range, g in
        guard let g else { return }
        for index in range { w[index] -= rate * g[index - range.lowerBound] }
      }
    }
  }
}
