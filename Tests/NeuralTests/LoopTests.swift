import Neural
import Random
import TestSupport
import Testing

@Suite struct LoopTests {
  @Test func thingsHappenInOrder() throws {
    var loop = try SmallRun.loop(evalTasks: 2)
    var events: [String] = []
    let end = try loop.run(steps: 5) { event, loop in
      switch event {
      case .step: events.append("step \(loop.trainer.step)")
      case .report(let report): events.append("\(report.mode) \(report.step)")
      case .best: events.append("best")
      case .checkpoint: events.append("checkpoint")
      }
      return true
    }
    guard case .steps = end else {
      Issue.record("\(end)")
      return
    }
    #expect(
      events == [
        "step 1", "step 2", "step 3", "train 3", "step 4", "eval0 4", "best", "eval1 4", "step 5", "checkpoint",
        "train 5", "eval0 5", "best", "eval1 5",
      ])
    #expect(loop.history.modes == ["train", "eval0", "eval1"])
    #expect(loop.history.metrics(of: "eval1") == ["loss", "accuracy"])
    #expect(loop.history.get(mode: "train", metric: "loss").map(\.step) == [3, 5])
    #expect(loop.history.last["eval0_loss"] == loop.best.map { Double($0.value) })
    #expect(loop.history.get(mode: "train", metric: "speed").isEmpty)
  }

  @Test func theTrainingReportIsTheMeanSinceTheLast() throws {
    var losses: [Float] = []
    var loop = try SmallRun.loop(.init(reportEvery: 4), evalTasks: 0)
    _ = try loop.run(steps: 6) { event, _ in
      if case .step(let loss) = event { losses.append(loss) }
      return true
    }
    let reported = loop.history.get(mode: "train", metric: "loss").map(\.value)
    #expect(abs(reported[0] - losses[..<4].reduce(0, +) / 4) < 1e-6)
    #expect(abs(reported[1] - losses[4...].reduce(0, +) / 2) < 1e-6)
  }

  @Test(arguments: [false, true]) func theBestIsTheLowestOrTheHighest(_ isHighest: Bool) throws {
    var loop = try SmallRun.loop(
      .init(evalEvery: 1), best: .init(isHighest ? "accuracy" : "loss", isHighest: isHighest))
    _ = try loop.run(steps: 30)
    let values = loop.history.get(mode: "eval0", metric: isHighest ? "accuracy" : "loss").map(\.value)
    #expect(values.count == 30)
    #expect(loop.best?.value == (isHighest ? values.max() : values.min()))
    #expect(loop.best?.step == values.firstIndex(of: loop.best!.value)! + 1)
    #expect(loop.evaluationsSinceBest == 30 - loop.best!.step)
  }

  @Test func patienceEnds() throws {
    // Without learning no evaluation is better than the first.
    var loop = try SmallRun.loop(.init(evalEvery: 2, patience: 3), optimizer: SGD(0))
    guard case .patience = try loop.run(steps: 100) else {
      Issue.record("the run did not end by patience")
      return
    }
    #expect(loop.trainer.step == 8 && loop.best?.step == 2)
  }

  @Test func theEndOfTheBatchesAndOfPatienceAndOfCallbacks() throws {
    var short = try SmallRun.loop(end: 4)
    guard case .batches = try short.run(steps: 9) else {
      Issue.record("the run did not end by batches")
      return
    }
    #expect(short.trainer.step == 4)
    var stopped = try SmallRun.loop()
    let end = try stopped.run(steps: 9) { _, loop in loop.trainer.step < 3 }
    guard case .callback = end else {
      Issue.record("the run did not end by callback")
      return
    }
    // What is due at the step has happened; what the end of a run brings has not.
    #expect(stopped.trainer.step == 3 && stopped.history.get(mode: "train", metric: "loss").map(\.step) == [3])
    var exploded = try SmallRun.loop(optimizer: SGD(1e30))
    let error = #expect(throws: Loop.NonFiniteLoss.self) { _ = try exploded.run(steps: 9) }
    #expect(error?.step ?? 0 > 1)
  }

  /// What is no number once was the first best, and could not be beaten.
  @Test func noFigureIsNeverTheBest() throws {
    var model = try LayerExpression().model("Embedding(9, 4) Mean Dense(2) LogSoftmax")
    _ = try model.initialize([1, 1], key: RandomKey(1))
    var next = 0
    let task = TrainTask(optimizer: SGD(0.1)) {
      next += 1
      return SmallRun.batch(next)
    }
    // No class counts from 2 on, so that this metric has no value.
    let metric = MacroAveragedFScore(firstClass: 2)
    let evaluation = try EvalTask([SmallRun.batch(1)], metrics: [metric])
    var loop = Loop(
      model, task, evalTasks: [evaluation], timing: .init(evalEvery: 2, patience: 3),
      best: .init(metric.key, isHighest: true))
    guard case .patience = try loop.run(steps: 20) else {
      Issue.record("the run did not end by patience")
      return
    }
    #expect(loop.best == nil && loop.trainer.step == 6 && loop.evaluationsSinceBest == 3)
    #expect(loop.history.get(mode: "eval", metric: metric.key).isEmpty)
  }

  /// Batches of epochs of two and a half batches: 0, 0, 1, 1, 2, 2, 2, 3, … epochs are complete with them.
  func epochLoop(_ timing: Loop.Timing, epochs: [Int?] = [0, 0, 1, 1, 2, 2, 2, 3, 3, 4]) throws -> Loop {
    var model = try LayerExpression().model("Embedding(9, 4) Mean Dense(2) LogSoftmax")
    _ = try model.initialize([1, 1], key: RandomKey(1))
    var next = 0
    let task = TrainTask(optimizer: SGD(0.1)) {
      guard next < epochs.count else { return nil }
      defer { next += 1 }
      let batch = SmallRun.batch(next)
      return Batch(inputs: batch.inputs, targets: batch.targets, weights: batch.weights, epoch: epochs[next])
    }
    return Loop(model, task, evalTasks: [try EvalTask([SmallRun.batch(1000)])], timing: timing)
  }

  @Test func thingsHappenWhereEpochsEnd() throws {
    var loop = try epochLoop(.init(reportEvery: .epochs(1), evalEvery: .epochs(2), checkpointEvery: .epochs(1)))
    var events: [String] = []
    let end = try loop.run(epochs: 3) { event, loop in
      switch event {
      case .step, .best: break
      case .report(let report): events.append("\(report.mode) \(report.step), epoch \(report.epoch ?? -1)")
      case .checkpoint: events.append("checkpoint \(loop.trainer.step)")
      }
      return true
    }
    guard case .steps = end else {
      Issue.record("\(end)")
      return
    }
    #expect(
      events == [
        "train 3, epoch 1", "checkpoint 3", "train 5, epoch 2", "eval 5, epoch 2", "checkpoint 5", "train 8, epoch 3",
        "checkpoint 8", "eval 8, epoch 3",
      ])
    #expect(loop.epoch == 3)
    // The steps may end before the epochs do, and so may the batches.
    var short = try epochLoop(.init())
    guard case .steps = try short.run(steps: 4, epochs: 3) else {
      Issue.record("the run did not end by its steps")
      return
    }
    #expect(short.trainer.step == 4 && short.epoch == 1)
    guard case .batches = try short.run(epochs: 5) else {
      Issue.record("the run did not end by its batches")
      return
    }
    #expect(short.trainer.step == 10 && short.epoch == 4)
  }

  /// A batch that is larger than the data ends several epochs.
  @Test func severalEpochsEndAtOnce() throws {
    var loop = try epochLoop(.init(reportEvery: .epochs(2), evalEvery: .epochs(3)), epochs: [4, 8, nil, nil])
    guard case .steps = try loop.run(epochs: 5) else {
      Issue.record("the run did not end by its epochs")
      return
    }
    #expect(loop.trainer.step == 2)
    #expect(loop.history.get(mode: "train", metric: "loss").map(\.step) == [1, 2])
    #expect(loop.history.get(mode: "eval", metric: "loss").map(\.step) == [1, 2])
    // Where nothing is known of epochs, none ends.
    _ = try loop.run()
    #expect(loop.epoch == nil && loop.history.get(mode: "train", metric: "loss").map(\.step) == [1, 2, 4])
  }

  /// A batch without targets that count has no loss of 0.
  @Test func theTrainingReportLeavesEmptyBatchesOut() throws {
    var model = try LayerExpression().model("Embedding(9, 4) Mean Dense(2) LogSoftmax")
    _ = try model.initialize([1, 1], key: RandomKey(1))
    var next = 0
    let task = TrainTask(optimizer: SGD(0), metrics: [Accuracy(), MacroAveragedFScore()]) {
      next += 1
      let full = SmallRun.batch(1)
      return next == 1 ? full : Batch(inputs: full.inputs, targets: full.targets, weights: full.weights.map { _ in 0 })
    }
    var loop = Loop(model, task, timing: .init(reportEvery: 4))
    var reports: [Loop.Report] = []
    _ = try loop.run(steps: 8) { event, _ in
      if case .report(let report) = event { reports.append(report) }
      return true
    }
    let (loss, metrics) = try EvalTask([SmallRun.batch(1)], metrics: [Accuracy(), MacroAveragedFScore()]).evaluate(
      model)
    #expect(abs(reports[0].loss - loss) < 1e-6 && reports[0].metrics.map(\.value) == metrics)
    #expect(reports.count == 2 && reports[1].loss.isNaN && reports[1].metrics.allSatisfy { $0.value.isNaN })
  }
}
