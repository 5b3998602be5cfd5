import Glibc

/// Cross entropy of classes of which a row may have several or none, each there or not by itself: the mean over the
/// classes of `−log p` of what is the case, `L = −Σ w mean_k (t_k y_k + (1 − t_k) log(1 − exp y_k)) / Σ w`.
///
///     y        [rows, classes]  logarithms of the probabilities that the classes are there
///     targets  [rows, classes]  1 where a class is there, 0 where it is not, or a number between them
///     weights  [rows]           0 for padding
///     dy       = w ((1 − t) / (exp(−y) − 1) − t) / (classes Σ w)
///
/// It stands behind a LogSigmoid, which gives probabilities near 1 enough digits for the logarithm of `1 − exp y`: then
/// the gradient of the log odds x is `w (σ(x) − t) / (classes Σ w)` for all x. Source: the loss `one-vs-all` of
/// fastText, and `BCEWithLogitsLoss` of PyTorch, which is the same number.
public struct BinaryCrossEntropy: Loss {
  /// The loss; it has no options.
  public init() {}

  public var name: String { "BinaryCrossEntropy" }
  public var targetKind: TargetKind { .labels }

  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> (loss: Float, gradient: Tensor) {
    let (classes, scale) = (y.depth, inverseSum(weights) / Float(y.depth))
    var loss = 0.0
    var gradient = Tensor(repeating: 0, shape: y.shape)
    gradient.withMutableValues { gradient in
      y.withValues { y in
        forEachRow(y: (y.count, classes), targets, weights) { row, targets, weight in
          var sum = 0.0
          for (k, t) in targets.enumerated() {
            // A probability of 1 is the largest below it.
            let log = min(y[row * classes + k], -Float.leastNormalMagnitude)
            // A target of 0 or 1 needs one of the two logarithms only; the other may be infinite.
            let yes = t == 0 ? 0 : t * log
            let no = t == 1 ? 0 : (1 - t) * logf(-expm1f(log))
            sum -= Double(yes + no)
            gradient[row * classes + k] = weight * scale * ((t == 1 ? 0 : (1 - t) / expm1f(-log)) - t)
          }
          loss += Double(weight) * sum
        }
      }
    }
    return (Float(loss * Double(scale)), gradient)
  }
}
