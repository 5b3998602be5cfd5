/// The weighted mean of `d² / 2` where `d = |y − t|` is below 1, and of `d − 1/2` elsewhere, all of one shape.
///
/// Source: P. J. Huber, Robust Estimation of a Location Parameter, 1964; Trax `SmoothL1Loss`.
public struct SmoothL1Loss: Loss {
  /// The loss; it has no options.
  public init() {}

  public var name: String { "SmoothL1Loss" }

  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> (loss: Float, gradient: Tensor) {
    elementwiseMean(y, targets, weights) { y, t in
      let difference = y - t
      let d = abs(difference)
      return d < 1 ? (d * d / 2, difference) : (d - 0.5, difference < 0 ? -1 : 1)
    }
  }
}
