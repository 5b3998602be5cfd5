import Random

/// A model in training: its weights, the optimizer and its slots, and the number of steps made.
///
/// The same weights and batches give the same numbers, bit for bit. Source: Trax `training.Loop` and `Trainer`.
public struct Trainer: Sendable {
  /// The model after the steps made.
  public var model: Serial {
    guard let rowwise else { return running }
    var model = running
    var index = 0
    model.visitWeights { _, weight in
      if tables.contains(index) { weight = rowwise.caughtUp(weight, slots: slots[index]) }
      index += 1
    }
    return model
  }
  /// The model as the steps leave it: updates of rows of its `tables` may be deferred.
  package private(set) var running: Serial
  /// The indices of the weights that are looked up by the ids of a batch, where the optimizer works row by row.
  package private(set) var tables: [Int] = []
  /// The optimizer's rule for these tables.
  private var rowwise: (any RowwiseOptimizer)?
  /// The rule by which the weights change.
  public let optimizer: any Optimizer
  /// The learning rate of every step.
  public let schedule: Schedule
  /// The norm to which all gradients together are scaled down, if they are larger.
  public let clipNorm: Float?
  /// The id whose row of the model's first table of ids gets no gradient, if there is one: where it is 0, it stays so.
  public let fixedID: Int?
  /// The loss to minimize.
  public let loss: any Loss
  /// Metrics of the batches beside the loss.
  public let metrics: [any Metric]
  /// The steps made.
  public private(set) var step = 0
  /// What the optimizer remembers of every weight.
  public private(set) var slots: [[Tensor]]
  private let key: RandomKey

  /// Trains a model that has been initialized. Without a schedule the learning rate is the optimizer's own. Random
  /// numbers of the layers (dropout) come from `key`.
  public init(
    _ model: Serial, optimizer: any Optimizer, schedule: Schedule? = nil, clipNorm: Float? = nil,
    fixedID: Int? = nil, loss: any Loss = CrossEntropyLoss(), metrics: [any Metric] = [Accuracy()],
    key: RandomKey = RandomKey(0)
  ) {
    self.key = key
    self.metrics = metrics
    let schedule = schedule ?? constant(optimizer.learningRate)
    running = model
    self.optimizer = optimizer
    self.schedule = schedule
    self.clipNorm = clipNorm
    self.fixedID = fixedID
    self.loss = loss
    slots = model.weights.map { optimizer.slots(for: $0.value) }
    rowwise = optimizer.rowwise(schedule)
    guard let rowwise else { return }
    tables = model.lookupTables
    for index in tables { slots[index] = rowwise.slots(for: model.weights[index].value) }
  }

  /// One step: forward pass, loss, backward pass, and an update of every weight. Returns the loss before the update,
  /// and what the metrics count.
  ///
  /// A batch none of whose targets counts is a step like others, whose gradients are 0: the learning rate and the
  /// optimizer's moments go on.
  public mutating func train(on batch: Batch) -> (loss: Float, counts: [Double]) {
    step += 1
    if !tables.isEmpty { prepareRows(for: batch.tensors) }
    let (loss, counts, gradients) = gradients(on: batch)
    let rate = schedule(step)
    visitWeights { [step, optimizer, rowwise, tables] index, weight, slots in
      if let rowwise, tables.contains(index) {
        rowwise.update(&weight, gradients[index], slots: &slots)
      } else {
        optimizer.update(&weight, gradients[index], slots: &slots, step: step, learningRate: rate)
      }
    }
    return (loss, counts)
  }

  /// Puts the training where another one was after a step, as its `running` model and its slots tell.
  package mutating func restore(step: Int, running: Serial, slots: [[Tensor]]) {
    (self.step, self.running, self.slots) = (step, running, slots)
    rowwise?.begin(step)
  }

  /// Brings the rows that the ids of a batch look up to the step before.
  private mutating func prepareRows(for ids: [Tensor]) {
    rowwise?.begin(step)
    visitWeights { [rowwise, tables] index, weight, slots in
      guard tables.contains(index) else { return }
      let rows = ids.flatMap { $0.rowIndices(count: weight.shape[0]) }
      rowwise?.prepare(RowSet(rows).rows, of: &weight, slots: &slots)
    }
  }

  /// Calls `visit` with the index and the value of every weight and its slots, unshared.
  private mutating func visitWeights(_ visit: (Int, inout Tensor, inout [Tensor]) -> Void) {
    var index = 0
    running.visitWeights { _, weight in
      var taken: [Tensor] = []
      swap(&taken, &slots[index])
      visit(index, &weight, &taken)
      swap(&taken, &slots[index])
      index += 1
    }
  }

  /// The loss, the counts of the metrics and the gradients of all weights. What the backward pass holds on to is let go
  /// here, so that the update finds the weights unshared.
  private mutating func gradients(on batch: Batch) -> (Float, [Double], [Gradient]) {
    let pass = Pass(.train, key: key.fold(in: UInt32(step)), continues: batch.continues)
    let forward = running.forward(batch.tensors, pass)
    running.setState(forward.state)
    let (loss, dys) = loss(forward.outputs, targets: batch.targets, weights: batch.weights)
    var counts: [Double] = []
    for metric in metrics {
      counts += metric.counts(forward.outputs, targets: batch.targets, weights: batch.weights)
    }
    var gradients = forward.backward(dys).weights
    if let fixedID, let table = running.idTable { gradients[table].clear(row: fixedID) }
    return (loss, counts, clipNorm.map { gradients.clipped(toNorm: $0) } ?? gradients)
  }
}
