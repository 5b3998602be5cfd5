import Random

/// A model in training: its weights, the optimizer and its slots, and the number of steps made.
///
/// The same weights and batches give the same numbers, bit for bit. Source: Trax `training.Loop` and `Trainer`.
public struct Trainer: Sendable {
  /// The model, whose weights every step changes.
  public private(set) var model: Serial
  /// The rule by which they change.
  public let optimizer: any Optimizer
  /// The learning rate of every step.
  public let schedule: Schedule
  /// The norm to which all gradients together are scaled down, if they are larger.
  public let clipNorm: Float?
  /// What is made small.
  public let loss: any Loss
  /// The steps made.
  public private(set) var step = 0
  private var slots: [[Tensor]]
  private let key: RandomKey

  /// Trains a model that has been initialized. Without a schedule the learning rate is the optimizer's own. Random numbers
  /// of the layers (dropout) come from `key`.
  public init(
    _ model: Serial, optimizer: any Optimizer, schedule: Schedule? = nil, clipNorm: Float? = nil,
    loss: any Loss = CrossEntropyLoss(), key: RandomKey = RandomKey(0)
  ) {
    self.key = key
    self.model = model
    self.optimizer = optimizer
    self.schedule = schedule ?? constant(optimizer.learningRate)
    self.clipNorm = clipNorm
    self.loss = loss
    slots = model.weights.map { optimizer.slots(for: $0.value) }
  }

  /// One step: forward, loss, back, and an update of every weight. Returns the loss and the accuracy before
  /// the update.
  public mutating func train(on batch: Batch) -> (loss: Float, accuracy: Float) {
    step += 1
    let (loss, accuracy, gradients) = gradients(on: batch)
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
    return (loss, accuracy)
  }

  /// The loss, the accuracy and the gradients of all weights. What the way back holds on to is let go here, so that the
  /// update finds the weights unshared.
  private mutating func gradients(on batch: Batch) -> (Float, Float, [Gradient]) {
    let pass = Pass(.train, key: key.fold(in: UInt32(step)), continues: batch.continues)
    let forward = model.forward([batch.inputs], pass)
    model.setState(forward.state)
    let (loss, dy) = loss(forward.outputs[0], targets: batch.targets, weights: batch.weights)
    let accuracy = Accuracy()(forward.outputs[0], targets: batch.targets, weights: batch.weights)
    let gradients = forward.back([dy]).weights
    return (loss, accuracy, clipNorm.map { gradients.clipped(toNorm: $0) } ?? gradients)
  }

  /// The metrics of a model over batches, each batch counting by its weights.
  public func evaluate(_ batches: [Batch]) -> (loss: Float, accuracy: Float) {
    var sums = (loss: 0.0, accuracy: 0.0, weight: 0.0)
    var model = model
    for batch in batches {
      let forward = model.forward([batch.inputs], Pass(.eval, continues: batch.continues))
      model.setState(forward.state)
      let y = forward.outputs[0]
      let weight = Double(batch.weights.values.reduce(0, +))
      sums.loss += weight * Double(loss(y, targets: batch.targets, weights: batch.weights).loss)
      sums.accuracy += weight * Double(Accuracy()(y, targets: batch.targets, weights: batch.weights))
      sums.weight += weight
    }
    guard sums.weight > 0 else { return (0, 0) }
    return (Float(sums.loss / sums.weight), Float(sums.accuracy / sums.weight))
  }
}
