import Random

/// A training run: steps, evaluations every so often and at the end, and a history. Source: Trax `training.Loop`.
///
/// What a callback is told of happens in this order within a step: the step itself, the report of the training figures,
/// those of the evaluations, a new best one, and the moment for a checkpoint, which holds all of that.
public struct Loop {
  /// When things happen; never where there is nil. Evaluations happen at the end, too.
  public struct Timing: Sendable {
    /// How often the training loss is reported.
    public var reportEvery: Interval?
    /// How often there is an evaluation.
    public var evalEvery: Interval?
    /// How often there is a checkpoint.
    public var checkpointEvery: Interval?
    /// Stop after so many evaluations in a row that were not the best.
    public var patience: Int?

    /// - Parameters: See the properties; by default a report every ten steps, and nothing else before the end.
    public init(
      reportEvery: Interval? = 10, evalEvery: Interval? = nil, checkpointEvery: Interval? = nil, patience: Int? = nil
    ) {
      self.reportEvery = reportEvery
      self.evalEvery = evalEvery
      self.checkpointEvery = checkpointEvery
      self.patience = patience
    }
  }

  /// Which evaluation counts as the best (Trax: `checkpoint_low_metric` and `checkpoint_high_metric`).
  public struct Criterion: Sendable, Equatable {
    /// `loss`, or a metric of the first eval task.
    public let metric: String
    /// Whether the highest value is the best, or the lowest.
    public let isHighest: Bool

    /// - Parameters:
    ///   - metric: `loss`, or a metric of the first eval task.
    ///   - isHighest: Whether the highest value is the best, or the lowest.
    public init(_ metric: String, isHighest: Bool) {
      self.metric = metric
      self.isHighest = isHighest
    }
  }

  /// Loss and metrics at a step: of training, those since the last report, where the loss is the mean over the batches;
  /// or of an eval task. NaN where no target counted.
  public struct Report: Sendable {
    /// The step, from 1.
    public let step: Int
    /// How often the data have been gone through; nil where the batches do not say so.
    public let epoch: Int?
    /// `train`, or the eval task's name.
    public let mode: String
    /// The mean loss, in nats where the targets are classes.
    public let loss: Float
    /// The learning rate of the step.
    public let learningRate: Double
    /// Names and values.
    public let metrics: [(name: String, value: Float)]
  }

  /// What callbacks are told.
  public enum Event: Sendable {
    /// A step was made, with this loss before it.
    case step(loss: Float)
    /// A report is due.
    case report(Report)
    /// The evaluation just reported is the best so far.
    case best
    /// Everything of this step has happened.
    case checkpoint
  }

  /// Why a run ended.
  public enum End: Sendable {
    /// All steps, or all epochs, were made.
    case steps
    /// There were no more batches.
    case batches
    /// So many evaluations in a row were not the best.
    case patience
    /// The callback ended it.
    case callback
  }

  /// A loss that is not finite, after which the weights are worth nothing.
  public struct NonFiniteLoss: Error {
    /// The step, from 1.
    public let step: Int
  }

  /// The model in training.
  public package(set) var trainer: Trainer
  /// How often the data have been gone through, as the last batch said; nil where it did not.
  public package(set) var epoch: Int?
  /// What `epoch` was before the last step; 0 where it was not known.
  package var epochBefore = 0
  /// The losses and metrics so far.
  public package(set) var history = History()
  /// The best evaluation so far.
  public package(set) var best: (step: Int, value: Float)?
  /// How many evaluations came after the best.
  public package(set) var evaluationsSinceBest = 0
  /// The sums since the last training report, of the batches with targets that count: their number, their losses, and
  /// what the metrics count.
  package var recent: [Double]
  /// How many numbers each metric counts.
  private let counts: [Int]

  private let task: TrainTask
  /// What the model is evaluated by; the first one decides which evaluation is the best.
  package let evalTasks: [EvalTask]
  private let timing: Timing
  /// Which evaluation is the best.
  package let criterion: Criterion

  /// A run of a model that has been initialized. Random numbers of its layers come from `key`.
  public init(
    _ model: Serial, _ task: TrainTask, evalTasks: [EvalTask] = [], timing: Timing = Timing(),
    best criterion: Criterion = Criterion("loss", isHighest: false), key: RandomKey = RandomKey(0)
  ) {
    trainer = Trainer(
      model, optimizer: task.optimizer, schedule: task.schedule, clipNorm: task.clipNorm, fixedID: task.fixedID,
      tableRate: task.tableRate, loss: task.loss, metrics: task.metrics, lanes: task.lanes,
      key: key)
    self.task = task
    self.evalTasks = evalTasks
    self.timing = timing
    self.criterion = criterion
    // Of ids one at a step, or several.
    let shapes = [[1, 1], [1, 1, 1]].lazy.compactMap { [model] input in
      try? model.outputShapes(Array(repeating: input, count: model.inputCount))
    }.first
    let classes = shapes?.first?.last ?? 1
    counts = task.metrics.map { $0.countsCount(classes: classes) }
    recent = [Double](repeating: 0, count: 2 + counts.reduce(0, +))
  }

  /// Makes steps up to number `steps`, until the data have been gone through `epochs` times, or to the end of the
  /// batches. `callback` hears of everything and stops the run by returning false.
  /// - Throws: `NonFiniteLoss`, and what the batches or the callback throw.
  public mutating func run(
    steps: Int? = nil, epochs: Int? = nil, _ callback: (Event, borrowing Loop) throws -> Bool = { _, _ in true }
  ) throws -> End {
    var end = End.steps
    while trainer.step < steps ?? .max, epoch ?? 0 < epochs ?? .max {
      if evaluationsSinceBest >= timing.patience ?? .max {
        end = .patience
        break
      }
      guard let batch = try task.next() else {
        end = .batches
        break
      }
      let (loss, counts) = trainer.train(on: batch)
      (epochBefore, epoch) = (epoch ?? 0, batch.epoch)
      guard loss.isFinite else { throw NonFiniteLoss(step: trainer.step) }
      if batch.weight > 0 {
        recent[0] += 1
        recent[1] += Double(loss)
        for index in counts.indices { recent[2 + index] += counts[index] }
      }
      var goesOn = try callback(.step(loss: loss), self)
      if isDue(timing.reportEvery) { goesOn = try reportTraining(callback) && goesOn }
      if isDue(timing.evalEvery) { goesOn = try evaluate(callback) && goesOn }
      if isDue(timing.checkpointEvery) { goesOn = try callback(.checkpoint, self) && goesOn }
      if !goesOn { return .callback }
    }
    guard trainer.step > 0 else { return end }
    if recent[0] > 0 { _ = try reportTraining(callback) }
    if !isEvaluated { _ = try evaluate(callback) }
    return end
  }

  /// Whether the eval tasks have evaluated the model of this step, perhaps before the run was resumed.
  private var isEvaluated: Bool {
    guard let first = evalTasks.first else { return true }
    return isDue(timing.evalEvery) || history.get(mode: first.name, metric: "loss").last?.step == trainer.step
  }

  /// Whether something is due after the last step; with an interval of epochs, when the step was the last one of an
  /// epoch.
  private func isDue(_ interval: Interval?) -> Bool {
    switch interval {
    case nil: false
    case .steps(let count): trainer.step % count == 0
    case .epochs(let count): (epoch ?? 0) / count > epochBefore / count
    }
  }

  private mutating func reportTraining(_ callback: (Event, borrowing Loop) throws -> Bool) throws -> Bool {
    let loss = Float(share(recent[1], of: recent[0]))
    var start = 2
    let metrics = zip(task.metrics, counts).map { metric, count in
      defer { start += count }
      return Float(metric.value(of: Array(recent[start..<start + count])))
    }
    recent = recent.map { _ in 0 }
    return try report("train", loss, task.metrics, metrics, callback)
  }

  private mutating func evaluate(_ callback: (Event, borrowing Loop) throws -> Bool) throws -> Bool {
    var goesOn = true
    for (index, evalTask) in evalTasks.enumerated() {
      let (loss, metrics) = evalTask.evaluate(trainer.model, loss: task.loss)
      goesOn = try report(evalTask.name, loss, evalTask.metrics, metrics, callback) && goesOn
      guard index == 0 else { continue }
      let index = evalTask.metrics.firstIndex { $0.key == criterion.metric }
      let value = index.map { metrics[$0] } ?? loss
      evaluationsSinceBest += 1
      // What is no number is never the best.
      if value.isFinite, best.map({ criterion.isHighest ? value > $0.value : value < $0.value }) ?? true {
        best = (trainer.step, value)
        evaluationsSinceBest = 0
        goesOn = try callback(.best, self) && goesOn
      }
    }
    return goesOn
  }

  private mutating func report(
    _ mode: String, _ loss: Float, _ metrics: [any Metric], _ values: [Float],
    _ callback: (Event, borrowing Loop) throws -> Bool
  ) throws -> Bool {
    let named = zip(metrics, values).map { (name: $0.key, value: $1) }
    for (name, value) in [("loss", loss)] + named where value.isFinite {
      history.append(mode: mode, metric: name, step: trainer.step, value: value)
    }
    let report = Report(
      step: trainer.step, epoch: epoch, mode: mode, loss: loss, learningRate: trainer.schedule(trainer.step),
      metrics: named)
    return try callback(.report(report), self)
  }
}
