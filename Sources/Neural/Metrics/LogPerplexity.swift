/// The weighted mean of `−log p(target)`, in nats, over all targets that count; e to its power is the perplexity. NaN
/// when all weights are 0.
///
/// `y` holds log probabilities. The mean is over all targets, not over the means of rows or batches: padding must not
/// make short rows count more. Source: Trax `CrossEntropyLoss` as the metric of a language model.
public struct LogPerplexity: Metric {
  /// The metric; it has no options.
  public init() {}

  public var name: String { "LogPerplexity" }

  public var isHigherBetter: Bool { false }

  /// The weighted sum of `−log p(target)`, and that of the weights.
  public func counts(_ y: Tensor, targets: Tensor, weights: Tensor) -> [Double] {
    var (sum, total) = (0.0, 0.0)
    y.withValues { values in
      forEachTarget(y, targets, weights) { row, target, weight in
        sum -= Double(weight * values[row * y.depth + target])
        total += Double(weight)
      }
    }
    return [sum, total]
  }

  public func value(of sums: [Double]) -> Double { share(sums[0], of: sums[1]) }
}
