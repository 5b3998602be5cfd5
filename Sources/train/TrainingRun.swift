import Files
import Filters
import JSONLines
import Models
import Neural
import Reports

/// A training run with its files.
struct TrainingRun {
  private let options: RunOptions
  private let isQuiet: Bool
  private let seed: UInt64
  private let settings: RunSettings
  private let model: Model
  private let batches: BatchStream
  private let file: OutputFile
  private let plot: OutputFile?
  private var checkpoints: CheckpointFiles?
  private var log: ReportLog
  private var progress: Progress
  private var hasFailed = false

  /// - Throws: `FileError` when the file of the reports can't be opened.
  init(
    options: Train, outputs: Outputs, seed: UInt64, model: Model, settings: RunSettings, batches: BatchStream
  ) throws(FileError) {
    self.options = options.runOptions
    isQuiet = options.input.quiet
    self.seed = seed
    self.settings = settings
    self.model = model
    self.batches = batches
    (file, plot, checkpoints) = (outputs.model, outputs.plot, outputs.checkpoints)
    log = try ReportLog(file: outputs.log)
    progress = Progress(unit: "steps", isShown: !isQuiet, total: self.options.steps)
  }

  /// What the next run is to know if this one is killed before its first checkpoint: where its reports begin.
  var note: String { options.logFile.map { "\(log.lines) \($0)" } ?? "" }

  /// Takes the reports back of a run that was killed before its first checkpoint and now begins anew.
  mutating func takeBack(_ note: String) throws(FileError) {
    let parts = note.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let lines = Int(parts[0]), lines >= 0, parts[1] == options.logFile ?? "" else { return }
    try log.cut(to: lines, step: 0)
  }

  /// Puts the run where a checkpoint was.
  /// - Throws: `Failure` that says what differs, when the checkpoint is one of another run.
  mutating func resume(_ loop: inout Loop, from name: String) throws {
    let checkpoint = try Checkpoint(contentsOf: name)
    if let difference = settings.difference(from: checkpoint.settings) {
      throw Failure("\(name) is of another run: \(difference)")
    }
    if let steps = options.steps, steps < checkpoint.step {
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
    try checkpoint.restore(&loop, file: name)
    if options.best != nil, let best = loop.best { try checkBest(best.step, name) }
    if let lines = checkpoint.settings["log"].flatMap({ Int($0) }), lines >= 0 {
      try log.cut(to: lines, step: checkpoint.step)
    }
    checkpoints?.goOn()
    progress = Progress(
      unit: "steps", isShown: !isQuiet, total: options.steps, countBefore: checkpoint.step)
    if !isQuiet { report("going on from step \(checkpoint.step), \(name)") }
  }

  /// The weights of the best evaluation so far are in the model file and nowhere else.
  private func checkBest(_ step: Int, _ checkpoint: String) throws {
    let there = (try? Model(contentsOf: file.name))?.statistics["steps"] ?? 0
    guard there >= Double(step) else {
      throw Failure("\(checkpoint) needs the best model so far, of step \(step), which is not in \(file.name)")
    }
  }

  /// Makes the steps, and writes the files that they come to.
  /// - Throws: What keeps the run from its end, when a checkpoint of all that is done has been written if there can be
  ///   one.
  mutating func run(_ loop: inout Loop) throws {
    if let earlier = checkpoints?.earlier.last {
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
        RecordError("the loss is not finite at step \(error.step); \(try lastCheckpoint())"), in: batches.line!)
    } catch {
      progress.clear()
      if error is BatchStream.Interrupted { return try stop(loop) }
      // What was learned before a bad batch is not lost.
      guard batches.hasFailed, loop.trainer.step > 0, let checkpoint = checkpoints?.file(step: loop.trainer.step) else {
        throw error
      }
      try writeCheckpoint(loop)
      throw Failure("\(error); the work so far is in \(checkpoint)")
    }
  }

  private func lastCheckpoint() throws(FileError) -> String {
    guard let checkpoints, checkpoints.earlier.isEmpty, let newest = try checkpoints.newest() else {
      return "no model is written"
    }
    return "the last checkpoint is \(newest)"
  }

  private mutating func steps(_ loop: inout Loop) throws -> Loop.End {
    var lastEvaluation = ""
    return try loop.run(steps: options.steps) { event, loop in
      switch event {
      case .step(let loss): progress.show(loop.trainer.step, note: "loss \(loss)\(lastEvaluation)")
      case .report(let report):
        if report.mode != "train" { lastEvaluation = ", \(report.mode) loss \(report.loss) at step \(report.step)" }
        progress.clear()
        log.write(report)
        warn(of: report)
      case .best: if options.best != nil { try writeModel(loop) }
      case .checkpoint: try writeDueCheckpoint(loop)
      }
      return !StopSignal.isReceived
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
    if case .batches = end, let steps = options.steps {
      report("the batches ended after \(step) of \(steps) steps")
    }
    if case .patience = end, !isQuiet {
      let words = best.map { "the best evaluation was at step \($0)" } ?? "no evaluation had a finite figure"
      report("stopped early after \(step) steps; \(words)")
    }
    guard !loop.history.get(mode: "train", metric: "loss").isEmpty else {
      throw Failure("no target of the batches counts, since all weights are 0, so there is no model")
    }
    if options.best == nil { try writeLastModel(loop) }
    if options.best != nil, best == nil {
      throw Failure("--best: no evaluation had a finite figure, so there is no model")
    }
    try writePlot(loop.history)
    try checkpoints?.prune(keeping: options.keep ?? 1)
    if StopSignal.isReceived { report("stopped after step \(step), the end of the run; \(file.name) is written") }
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
    guard checkpoints != nil else {
      return report("stopped after step \(step), without a checkpoint: \(file.name) is no regular file")
    }
    try writeCheckpoint(loop)
    report("stopped after step \(step); --resume goes on")
  }

  /// Writes the model at the end. Where that fails, all that was learned is kept in a checkpoint if there can be one.
  private mutating func writeLastModel(_ loop: borrowing Loop) throws {
    do {
      try writeModel(loop)
    } catch let error as FileError {
      guard let checkpoint = checkpoints?.file(step: loop.trainer.step), (try? writeCheckpoint(loop)) != nil else {
        throw error
      }
      throw Failure("\(error); the work is in \(checkpoint)")
    }
  }

  private mutating func writeModel(_ loop: borrowing Loop) throws {
    let model = model(loop)
    try check(model.layers.firstNonFiniteWeight, loop)
    try model.write(to: file) { () throws(FileError) in checkpoints?.replaceEarlier() }
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

  private mutating func writeCheckpoint(_ loop: borrowing Loop) throws {
    guard let name = checkpoints?.file(step: loop.trainer.step) else { return }
    var notes = ["batches": "\(batches.digest)"]
    if options.logFile != nil { notes["log"] = "\(log.lines)" }
    let checkpoint = Checkpoint(loop, model: model(loop), settings: settings.noting(notes))
    try check(checkpoint.firstNonFiniteTensor, loop)
    try checkpoint.write(to: OutputFile(name)) { () throws(FileError) in checkpoints?.replaceEarlier() }
    try checkpoints?.prune(keeping: options.keep ?? 1)
  }

  /// - Throws: `Failure` when a tensor is not finite: what it is part of is worth nothing.
  private func check(_ tensor: String?, _ loop: borrowing Loop) throws {
    guard let tensor else { return }
    throw Failure("\"\(tensor)\" is not finite after step \(loop.trainer.step); \(try lastCheckpoint())")
  }

  /// The model as it is, and its statistics. No times are among them: the same run gives the same file.
  private func model(_ loop: borrowing Loop) -> Model {
    var model = model
    model.layers = loop.trainer.model
    model.statistics = loop.history.last
    model.statistics["steps"] = Double(loop.trainer.step)
    model.statistics["seed"] = Double(seed)
    return model
  }
}
