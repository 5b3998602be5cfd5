import Random

/// A model in training: its weights, the optimizer and its slots, and the number of steps made.
///
/// The same weights and batches give the same numbers, bit for bit. Source: Trax `training.Loop` and `Trainer`.
public struct Trainer: Sendable {
  /// The model, whose weights every step changes.
  public internal(set) var model: Serial
  /// The rule by which they change.
  public let optimizer: any Optimizer
  /// The learning rate of every step.
  public let schedule: Schedule
  /// The norm to which all gradients together are scaled down, if they are larger.
  public let clipNorm: Float?
  /// What is made small.
  public let loss: any Loss
  /// Figures of the batches beside the loss.
  public let metrics: [any Metric]
  /// The steps made.
  public internal(set) var step = 0
  /// What the optimizer remembers of every weight.
  public internal(set) var slots: [[Tensor]]
  private let key: RandomKey

  /// Trains a model that has been initialized. Without a schedule the learning rate is the optimizer's own. Random numbers
  /// of the layers (dropout) come from `key`.
  public init(
    _ model: Serial, optimizer: any Optimizer, schedule: Schedule? = nil, clipNorm: Float? = nil,
    loss: any Loss = CrossEntropyLoss(), metrics: [any Metric] = [Accuracy()], key: RandomKey = RandomKey(0)
  ) {
    self.key = key
    self.metrics = metrics
    self.model = model
    self.optimizer = optimizer
    self.schedule = schedule ?? constant(optimizer.learningRate)
    self.clipNorm = clipNorm
    self.loss = loss
    slots = model.weights.map { optimizer.slots(for: $0.value) }
  }

  /// One step: forward, loss, back, and an update of every weight. Returns the loss and the metrics before
  /// the update.
  public mutating func train(on batch: Batch) -> (loss: Float, metrics: [Float]) {
    step += 1
    let (loss, metrics, gradients) = gradients(on: batch)
    var index = 0
    let rate = schedule(step)
    model.visitWeights { [step, optimizer] _, weight in
      var taken: [Tensor] = []
      swap(&taken, &slots[index])
      optimizer.update(
        &weight, gradients[index], slots: &taken, step: step, learningRate: rate)
      swap(&taken, &slots[index])
      index += 1
    }
    return (loss, metrics)
  }

  /// The loss, the metrics and the gradients of all weights. What the way back holds on to is let go here, so that the
  /// update finds the weights unshared.
  private mutating func gradients(on batch: Batch) -> (Float, [Float], [Gradient]) {
    let pass = Pass(.train, key: key.fold(in: UInt32(step)), continues: batch.continues)
    let forward = model.forward([batch.inputs], pass)
    model.setState(forward.state)
    let (loss, dy) = loss(forward.outputs[0], targets: batch.targets, weights: batch.weights)
    let figures = metrics.map { $0(forward.outputs[0], targets: batch.targets, weights: batch.weights) }
    let gradients = forward.back([dy]).weights
    return (loss, figures, clipNorm.map { gradients.clipped(toNorm: $0) } ?? gradients)
  }
}
