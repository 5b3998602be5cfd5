import Random

/// A model in training: its weights, the optimizer and its slots, and the number of steps made.
///
/// The same weights and batches give the same numbers, bit for bit. Source: Trax `training.Loop` and `Trainer`.
public struct Trainer: Sendable {
  /// The model after the steps made.
  public var model: Serial {
    guard !tables.isEmpty else { return running }
    var model = running
    var index = 0
    model.visitWeights { _, weight in
      if tables.contains(index), let rule = rule(of: index) { weight = rule.caughtUp(weight, slots: slots[index]) }
      index += 1
    }
    return model
  }
  /// The model as the steps leave it: updates of rows of its `tables` may be deferred.
  package internal(set) var running: Serial
  /// The indices of the weights that are looked up by the ids of a batch, where the optimizer works row by row.
  package private(set) var tables: [Int] = []
  /// The optimizer's rule for these tables, and that for the first table of ids where it has a learning rate of its own.
  private var rowwise: (any RowwiseOptimizer)?, rowwiseOfTable: (any RowwiseOptimizer)?
  /// The index of the first table of ids, where it learns otherwise than the other weights.
  private let ownTable: Int?
  /// The rule by which the weights change.
  public let optimizer: any Optimizer
  /// The learning rate of every step.
  public let schedule: Schedule
  /// The norm to which all gradients together are scaled down, if they are larger.
  public let clipNorm: Float?
  /// The id whose row of the model's first table of ids gets no gradient, if there is one: where it is 0, it stays so.
  public let fixedID: Int?
  /// What the learning rate is multiplied by for the model's first table of ids; with 0 the table stays as it is.
  public let tableRate: Double
  /// The loss to minimize.
  public let loss: any Loss
  /// Metrics of the batches beside the loss.
  public let metrics: [any Metric]
  /// How the rows of a batch are shared out.
  public let lanes: Lanes
  /// The steps made.
  public private(set) var step = 0
  /// What the optimizer remembers of every weight.
  public private(set) var slots: [[Tensor]]
  private let key: RandomKey

  /// Trains a model that has been initialized. Without a schedule the learning rate is the optimizer's own. Random
  /// numbers of the layers (dropout) come from `key`. All ranks of `lanes` make the same steps with the same batches.
  public init(
    _ model: Serial, optimizer: any Optimizer, schedule: Schedule? = nil, clipNorm: Float? = nil,
    fixedID: Int? = nil, tableRate: Double = 1, loss: any Loss = CrossEntropyLoss(),
    metrics: [any Metric] = [Accuracy()],
    lanes: Lanes = Lanes(), key: RandomKey = RandomKey(0)
  ) {
    self.key = key
    self.lanes = lanes
    self.metrics = metrics
    let schedule = schedule ?? constant(optimizer.learningRate)
    running = model
    self.optimizer = optimizer
    self.schedule = schedule
    self.clipNorm = clipNorm
    self.fixedID = fixedID
    self.tableRate = tableRate
    self.loss = loss
    ownTable = tableRate == 1 ? nil : model.idTable
    slots = model.weights.map { optimizer.slots(for: $0.value) }
    rowwise = optimizer.rowwise(schedule)
    rowwiseOfTable = ownTable == nil ? nil : optimizer.rowwise { tableRate * schedule($0) }
    if tableRate == 0, let ownTable { slots[ownTable] = [] }
    guard rowwise != nil else { return }
    tables = model.lookupTables.filter { $0 != ownTable || tableRate != 0 }
    for index in tables { slots[index] = rule(of: index)!.slots(for: model.weights[index].value) }
  }

  /// The rule for a table that is updated row by row.
  private func rule(of index: Int) -> (any RowwiseOptimizer)? { index == ownTable ? rowwiseOfTable : rowwise }

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
    visitWeights { [step, optimizer, rowwise, rowwiseOfTable, tables, ownTable, tableRate] index, weight, slots in
      let isOwn = index == ownTable
      if isOwn, tableRate == 0 { return }
      if let rule = isOwn ? rowwiseOfTable : rowwise, tables.contains(index) {
        rule.update(&weight, gradients[index], slots: &slots)
      } else {
        let rate = isOwn ? tableRate * rate : rate
        optimizer.update(&weight, gradients[index], slots: &slots, step: step, learningRate: rate)
      }
    }
    return (loss, counts)
  }

  /// Puts the training where another one was after a step, as its `running` model and its slots tell.
  package mutating func restore(step: Int, running: Serial, slots: [[Tensor]]) {
    (self.step, self.running, self.slots) = (step, running, slots)
    rowwise?.begin(step)
    rowwiseOfTable?.begin(step)
  }

  /// Brings the rows that the ids of a batch look up to the step before.
  private mutating func prepareRows(for ids: [Tensor]) {
    rowwise?.begin(step)
    rowwiseOfTable?.begin(step)
    visitWeights { [rowwise, rowwiseOfTable, tables, ownTable] index, weight, slots in
      guard tables.contains(index) else { return }
      let rows = ids.flatMap { $0.rowIndices(count: weight.shape[0]) }
      (index == ownTable ? rowwiseOfTable : rowwise)?.prepare(RowSet(rows).rows, of: &weight, slots: &slots)
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
    let key = key.fold(in: UInt32(step))
    var (loss, counts, gradients) = lanes.count == 1 ? pass(batch, key: key) : passes(batch, key: key)
    // What does not learn has no part in the norm to which gradients are clipped.
    if tableRate == 0, let ownTable { gradients[ownTable] = .rows([], values: .empty) }
    if let fixedID, tableRate != 0, let table = running.idTable { gradients[table].clear(row: fixedID) }
    return (loss, counts, clipNorm.map { gradients.clipped(toNorm: $0) } ?? gradients)
  }

  /// A pass forward and back with all rows of a batch.
  /// - Parameters:
  ///   - share: What share the batch is of a larger one.
  ///   - onGradients: Is called with the gradients of the weights as they come, layer by layer from the last on.
  mutating func pass(
    _ batch: Batch, key: RandomKey, share: Float? = nil, onGradients: (@Sendable ([Gradient]) -> Void)? = nil
  ) -> (loss: Float, counts: [Double], gradients: [Gradient]) {
    let pass = Pass(.train, key: key, continues: batch.continues, onGradients: onGradients)
    let forward = running.forward(batch.tensors, pass)
    running.setState(forward.state)
    var (loss, dys) = loss(forward.outputs, targets: batch.targets, weights: batch.weights)
    var counts: [Double] = []
    for metric in metrics {
      counts += metric.counts(forward.outputs, targets: batch.targets, weights: batch.weights)
    }
    if let share { (loss, dys) = (loss * share, dys.map { $0.map { $0 * share } }) }
    return (loss, counts, forward.backward(dys).weights)
  }
}
