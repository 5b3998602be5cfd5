/// What a model is judged by: batches that it does not learn from, and figures. Source: Trax `training.EvalTask`.
public struct EvalTask: Sendable {
  /// The name in reports and in the history.
  public let name: String
  /// The figures beside the loss.
  public let metrics: [any Metric]
  private let batches: [Batch]

  /// Judges by the first `batchCount` batches, or by all.
  public init(name: String = "eval", _ batches: [Batch], metrics: [any Metric] = [Accuracy()], batchCount: Int? = nil) {
    self.name = name
    self.metrics = metrics
    self.batches = Array(batches.prefix(batchCount ?? .max))
  }

  /// The loss and the metrics of a model, means over the batches in which each batch counts by its weights; 0 without any.
  public func evaluate(_ model: Serial, loss: any Loss = CrossEntropyLoss()) -> (loss: Float, metrics: [Float]) {
    var sums = [Double](repeating: 0, count: 1 + metrics.count)
    var total = 0.0
    var model = model
    for batch in batches {
      let forward = model.forward([batch.inputs], Pass(.eval, continues: batch.continues))
      model.setState(forward.state)
      let y = forward.outputs[0]
      let weight = batch.weights.withValues { $0.reduce(0) { $0 + Double($1) } }
      let figures =
        [loss(y, targets: batch.targets, weights: batch.weights).loss]
        + metrics.map { $0(y, targets: batch.targets, weights: batch.weights) }
      for (index, figure) in figures.enumerated() { sums[index] += weight * Double(figure) }
      total += weight
    }
    let means = sums.map { total > 0 ? Float($0 / total) : 0 }
    return (means[0], Array(means.dropFirst()))
  }
}
