/// The weighted mean of squared differences: `L = Σ w (y − t)² / Σ w`, all of one shape. Source: Trax `L2Loss`.
public struct L2Loss: Loss {
  /// The loss; it has no options.
  public init() {}

  public var name: String { "L2Loss" }

  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> (loss: Float, gradient: Tensor) {
    elementwiseMean(y, targets, weights) { y, t in ((y - t) * (y - t), 2 * (y - t)) }
  }
}
