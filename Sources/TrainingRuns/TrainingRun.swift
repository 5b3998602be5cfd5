import Files
import Filters
import JSONLines
import Models
import Neural
import Reports

/// A training run with its files: the reports, the checkpoints, the model and the chart of a loop that makes the steps.
public struct TrainingRun {
  private let plan: RunPlan
  private let settings: RunSettings
  private let batches: BatchStream
  private let report: (String) -> Void
  private let logFile: OutputFile?
  private let plot: OutputFile?
  private var writer: ModelWriter
  private var log: ReportLog
  private var progress: Progress
  private var hasFailed = false

  /// A run that has made no step yet.
  /// - Parameters:
  ///   - plan: How long it lasts, and what is kept.
  ///   - outputs: The files that it writes.
  ///   - model: The model with its first weights.
  ///   - settings: What the run depends on, which its checkpoints remember.
  ///   - batches: The batches, which the loop's task takes one by one.
  ///   - threshold: What the threshold of a model of pairs is chosen on.
  ///   - standardOutput: The descriptor of standard output, where the reports go.
  ///   - report: Where messages go; standard error, if not given.
  /// - Throws: `FileError` when the file of the reports can't be opened, or `BatchStream.Interrupted` when that is
  ///   because of a request to stop.
  public init(
    _ plan: RunPlan, outputs: Outputs, model: Model, settings: RunSettings, batches: BatchStream,
    threshold: ThresholdTask? = nil, standardOutput: Int32 = 1,
    report: @escaping (String) -> Void = { Filters.report($0) }
  ) throws {
    self.plan = plan
    self.settings = settings
    self.batches = batches
    self.report = report
    (logFile, plot) = (outputs.log, outputs.plot)
    writer = ModelWriter(plan, outputs: outputs, model: model, settings: settings, threshold: threshold)
    do {
      log = try ReportLog(file: outputs.log, standardOutput: standardOutput, report: report)
    } catch {
      throw batches.isStopped ? BatchStream.Interrupted() : error
    }
    progress = Progress(unit: "steps", isShown: !plan.isQuiet, total: plan.steps)
  }

  /// What the next run is to know if this one is killed before its first checkpoint: where its reports begin.
  public var note: String { logFile.map { "\(log.lines) \($0.name)" } ?? "" }

  /// Takes the reports back of a run that was killed before its first checkpoint and now begins anew.
  /// - Parameter note: The `note` of that run.
  /// - Throws: `FileError` when the file of the reports can't be read or made shorter.
  public mutating func takeBack(_ note: String) throws(FileError) {
    let parts = note.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let lines = Int(parts[0]), lines >= 0, parts[1] == logFile?.name ?? "" else { return }
    try log.cut(to: lines, step: 0)
  }

  /// Puts the run where a checkpoint was.
  /// - Parameters:
  ///   - loop: The loop, which has made no step.
  ///   - name: The checkpoint's file.
  /// - Throws: `Failure` that says what differs, when the checkpoint is one of another run; `FileError`.
  public mutating func resume(_ loop: inout Loop, from name: String) throws {
    let checkpoint = try Checkpoint(contentsOf: name)
    if let difference = settings.difference(from: checkpoint.settings) {
      throw Failure("\(name) is of another run: \(difference)")
    }
    if let steps = plan.steps, steps < checkpoint.step {
      throw Failure("\(name) is beyond --steps \(steps)")
    }
    let skipped = try batches.skip(checkpoint.step)
    guard skipped == checkpoint.step else {
      throw Failure("\(name) was made after \(checkpoint.step) batches, but the stream has \(skipped)")
    }
    guard "\(batches.digest)" == checkpoint.settings["batches"] else {
      throw Failure(
        "\(name) is of another run: the first \(skipped) batches differ (a run goes on with the same stream)")
    }
    if let epochs = plan.epochs, batches.epochBefore ?? 0 >= epochs {
      throw Failure("\(name) is beyond --epochs \(epochs)")
    }
    try checkpoint.restore(&loop, file: name)
    (loop.epoch, loop.epochBefore) = (batches.epoch, batches.epochBefore ?? 0)
    if plan.keepsBest, let best = loop.best { try writer.checkBest(best.step, name) }
    let noted = checkpoint.settings["log"]?.split(separator: " ") ?? []
    if noted.count == 2, let lines = Int(noted[0]), lines >= 0, let digest = UInt64(noted[1], radix: 16) {
      try log.cut(to: lines, digest: digest, step: checkpoint.step)
    }
    writer.checkpoints?.goOn()
    progress = Progress(
      unit: "steps", isShown: !plan.isQuiet, total: plan.steps, countBefore: checkpoint.step)
    if !plan.isQuiet { report("going on from step \(checkpoint.step), \(name)") }
  }

  /// Makes the steps, and writes the files that they come to.
  /// - Throws: What keeps the run from its end, when a checkpoint of all that is done has been written if there can be
  ///   one.
  public mutating func run(_ loop: inout Loop) throws {
    if let earlier = writer.checkpoints?.earlier.last {
      report("\(earlier) is of an earlier run, whose checkpoints go when this run writes its first file")
    }
    do {
      let end = try steps(&loop)
      progress.clear()
      if case .callback = end { return try stop(loop) }
      try finish(loop, end)
    } catch let error as Loop.NonFiniteLoss {
      progress.clear()
      var history = loop.history
      history.append(mode: "train", metric: "loss", step: error.step, value: .nan)
      do { try writePlot(history) } catch { report("\(error)") }
      throw Failure(
        RecordError("the loss is not finite at step \(error.step); \(try writer.lastCheckpoint())"), in: batches.line!)
    } catch {
      progress.clear()
      if error is BatchStream.Interrupted { return try stop(loop) }
      // What was learned before a bad batch is not lost.
      guard batches.hasFailed, loop.trainer.step > 0, let checkpoint = writer.checkpoint(of: loop) else {
        throw error
      }
      try writeCheckpoint(loop)
      throw Failure("\(error); the work so far is in \(checkpoint)")
    }
  }

  private mutating func steps(_ loop: inout Loop) throws -> Loop.End {
    var lastEvaluation: [String] = []
    return try loop.run(steps: plan.steps, epochs: plan.epochs) { event, loop in
      switch event {
      case .step(let loss):
        batches.agreeWhetherToStop()
        progress.show(loop.trainer.step, notes: ["loss \(fourDigits(Double(loss)))"] + lastEvaluation)
      case .report(let report):
        if report.mode != "train" {
          lastEvaluation = ["\(report.mode) loss \(fourDigits(Double(report.loss))) at step \(report.step)"]
        }
        progress.clear()
        log.write(report)
        warn(of: report)
      case .best: if plan.keepsBest { try writer.writeModel(loop) }
      case .checkpoint: try writeDueCheckpoint(loop)
      }
      return !batches.isStopped
    }
  }

  /// Says why a report has null for a loss or a metric.
  private func warn(of entry: Loop.Report) {
    let values = [("loss", entry.loss)] + entry.metrics.map { ($0.name, $0.value) }
    let names = values.filter { !$0.1.isFinite }.map(\.0)
    guard !names.isEmpty else { return }
    report(
      "step \(entry.step), \(entry.mode): null stands for what is not finite: \(names.joined(separator: ", "))")
  }

  private mutating func finish(_ loop: borrowing Loop, _ end: Loop.End) throws {
    let (step, best) = (loop.trainer.step, loop.best?.step)
    guard step > 0 else { throw Failure("there were no batches, so there is no model") }
    if case .batches = end {
      if let steps = plan.steps { report("the batches ended after \(step) of \(steps) steps") }
      if let epochs = plan.epochs { report("the batches ended after \(loop.epoch ?? 0) of \(epochs) epochs") }
    }
    if case .patience = end, !plan.isQuiet {
      let words = best.map { "the best evaluation was at step \($0)" } ?? "no evaluation had a finite figure"
      report("stopped early after \(step) steps; \(words)")
    }
    guard !loop.history.get(mode: "train", metric: "loss").isEmpty else {
      throw Failure("no target of the batches counts, since all weights are 0, so there is no model")
    }
    if !plan.keepsBest { try writer.writeLastModel(loop, notes) }
    if plan.keepsBest, best == nil {
      throw Failure("--best: no evaluation had a finite figure, so there is no model")
    }
    try writePlot(loop.history)
    try writer.prune()
    if batches.isStopped { report("stopped after step \(step), the end of the run; \(writer.file.name) is written") }
    if !plan.isQuiet { report(RunSummary.text(of: loop, file: writer.file.name, keepsBest: plan.keepsBest)) }
    if log.hasFailed || hasFailed { throw Failure("the run is done, but not all that it was to write is written") }
  }

  private func writePlot(_ history: History) throws {
    let chart = LineChart(lossesOf: history)
    try plot?.write(chart.svg().utf8)
  }

  /// Writes a checkpoint of where a signal stopped the run.
  private mutating func stop(_ loop: borrowing Loop) throws {
    let step = loop.trainer.step
    if step == 0 { return report("stopped before the first step") }
    guard writer.checkpoints != nil else {
      return report("stopped after step \(step), without a checkpoint: \(writer.file.name) is no regular file")
    }
    try writeCheckpoint(loop)
    report("stopped after step \(step); --resume goes on")
  }

  /// Writes a checkpoint between others. Where that fails the run goes on: a later one may be written.
  private mutating func writeDueCheckpoint(_ loop: borrowing Loop) throws {
    do {
      try writeCheckpoint(loop)
    } catch let error as FileError {
      hasFailed = true
      progress.clear()
      report("\(error); the run goes on without this checkpoint")
    }
  }

  private mutating func writeCheckpoint(_ loop: borrowing Loop) throws { try writer.writeCheckpoint(loop, notes) }

  /// What a checkpoint is to remember of the stream and the reports.
  private var notes: [String: String] {
    var notes = ["batches": "\(batches.digest)"]
    if logFile != nil { notes["log"] = "\(log.lines) \(String(log.digest, radix: 16))" }
    return notes
  }
}
