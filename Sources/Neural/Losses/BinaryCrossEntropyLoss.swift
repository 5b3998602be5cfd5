import Glibc

/// Cross entropy of probabilities of yes and no: `L = −Σ w (t log y + (1 − t) log(1 − y)) / Σ w`.
///
///     y, targets, weights  of one shape; y a probability, the target 0 or 1
///     dy                   = w ((1 − t) / (1 − y) − t / y) / Σ w
///
/// Source: Trax `BinaryCrossEntropyLoss`, whose weights cancel out (it weights the mean over the batch, one number);
/// here they weight the examples, which is the same when all are 1.
public struct BinaryCrossEntropyLoss: Loss {
  /// The loss; it has no options.
  public init() {}

  public var name: String { "BinaryCrossEntropyLoss" }

  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> (loss: Float, gradient: Tensor) {
    elementwiseMean(y, targets, weights) { y, t in
      // A target of 0 or 1 needs one of the two logarithms only; the other may be infinite.
      let yes = t == 0 ? 0 : t * logf(y)
      let no = t == 1 ? 0 : (1 - t) * logf(1 - y)
      return (-yes - no, (t == 1 ? 0 : (1 - t) / (1 - y)) - (t == 0 ? 0 : t / y))
    }
  }
}
