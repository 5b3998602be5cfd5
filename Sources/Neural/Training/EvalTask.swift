/// What a model is evaluated by: batches that it does not learn from, and metrics. Source: Trax `training.EvalTask`.
public struct EvalTask: Sendable {
  /// The name in reports and in the history.
  public let name: String
  /// The metrics beside the loss.
  public let metrics: [any Metric]
  /// The sum of the weights of all targets, more than 0.
  public let weight: Double
  private let batches: [Batch]

  /// Why there is nothing to evaluate by: an evaluation of nothing would be no worse than any other.
  public enum NothingToEvaluate: Error, Equatable, CustomStringConvertible {
    /// There are no batches.
    case noBatches
    /// There are batches, but all their weights are 0.
    case noWeight

    public var description: String {
      switch self {
      case .noBatches: "there are no batches to evaluate on"
      case .noWeight: "no target counts, since all weights are 0"
      }
    }
  }

  /// Evaluates by the first `batchCount` batches, or by all.
  ///
  /// Examples with one target each are evaluated at their own lengths, without the padding of their batches.
  /// - Parameters:
  ///   - takesSequencesApart: Whether those with targets at every step are, too: for models that look ahead, or back
  ///     from the end.
  ///   - keepsBatches: Whether batches stay as they are, since the loss compares their rows.
  /// - Throws: `NothingToEvaluate` without a target that counts.
  public init(
    name: String = "eval", _ batches: [Batch], metrics: [any Metric] = [Accuracy()], batchCount: Int? = nil,
    takesSequencesApart: Bool = false, keepsBatches: Bool = false
  ) throws(NothingToEvaluate) {
    self.name = name
    self.metrics = metrics
    let batches = Array(batches.prefix(batchCount ?? .max))
    weight = batches.reduce(0) { $0 + $1.weight }
    guard !batches.isEmpty else { throw .noBatches }
    guard weight > 0 else { throw .noWeight }
    self.batches = keepsBatches ? batches : batches.atOwnLengths(sequences: takesSequencesApart)
  }

  /// The loss, a mean over all targets by their weights, and the metrics of a model, each that of all targets together
  /// and no mean over batches.
  public func evaluate(_ model: Serial, loss: any Loss = CrossEntropyLoss()) -> (loss: Float, metrics: [Float]) {
    var (sum, total) = (0.0, 0.0)
    var counts: [[Double]] = []
    var model = model
    for batch in batches {
      let forward = model.forward(batch.tensors, Pass(.eval, continues: batch.continues))
      model.setState(forward.state)
      let weight = batch.weight
      guard weight > 0 else { continue }
      let y = forward.outputs
      sum += weight * Double(loss(y, targets: batch.targets, weights: batch.weights).loss)
      total += weight
      let of = metrics.map { $0.counts(y, targets: batch.targets, weights: batch.weights) }
      counts = counts.isEmpty ? of : zip(counts, of).map { zip($0, $1).map { $0 + $1 } }
    }
    return (Float(sum / total), zip(metrics, counts).map { Float($0.value(of: $1)) })
  }
}
