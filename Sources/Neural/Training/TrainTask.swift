/// What a model is trained on, and how. Source: Trax `training.TrainTask`.
public struct TrainTask {
  /// The loss to minimize.
  public let loss: any Loss
  /// The rule by which the weights change.
  public let optimizer: any Optimizer
  /// The learning rate of every step.
  public let schedule: Schedule
  /// The norm to which all gradients together are scaled down, if they are larger.
  public let clipNorm: Float?
  /// The id whose row of the first table of ids does not learn, if there is one.
  public let fixedID: Int?
  /// What the learning rate is multiplied by for the first table of ids; with 0 the table stays as it is.
  public let tableRate: Double
  /// Metrics of the training batches beside the loss.
  public let metrics: [any Metric]
  /// How the rows of a batch are shared out.
  public let lanes: Lanes
  /// The next batch, or nil at the end.
  public let next: () throws -> Batch?

  /// Without a schedule the learning rate is the optimizer's own.
  public init(
    loss: any Loss = CrossEntropyLoss(), optimizer: any Optimizer, schedule: Schedule? = nil, clipNorm: Float? = nil,
    fixedID: Int? = nil, tableRate: Double = 1, metrics: [any Metric] = [Accuracy()],
    lanes: Lanes = Lanes(), next: @escaping () throws -> Batch?
  ) {
    self.loss = loss
    self.optimizer = optimizer
    self.schedule = schedule ?? constant(optimizer.learningRate)
    self.clipNorm = clipNorm
    self.fixedID = fixedID
    self.tableRate = tableRate
    self.metrics = metrics
    self.lanes = lanes
    self.next = next
  }
}
