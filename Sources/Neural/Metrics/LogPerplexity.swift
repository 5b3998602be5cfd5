import Glibc

/// The weighted mean of `−log p(target)`, in nats, over all targets that count; e to its power is the perplexity.
///
/// `y` holds log probabilities. The mean is over all targets of a batch, not over the means of its rows: padding must not
/// make short rows count more. Source: Trax `CrossEntropyLoss` as the metric of a language model.
public struct LogPerplexity: Metric {
  public init() {}

  public var name: String { "LogPerplexity" }

  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> Float {
    CrossEntropyLoss()(y, targets: targets, weights: weights).loss
  }
}

/// The perplexity of a log perplexity: to how many equally probable choices the model has narrowed a target down.
public func perplexity(ofLog logPerplexity: Float) -> Float { expf(logPerplexity) }
