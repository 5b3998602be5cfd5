import Filters
import Glibc
import Neural
import Records

/// A training run with its files.
struct Session {
  private let options: Train
  private let seed: UInt64
  private let model: Model
  private let batches: BatchStream
  private let checkpoints: CheckpointFiles
  private let log: ReportLog
  private var progress: Progress

  init(options: Train, seed: UInt64, model: Model, batches: BatchStream) {
    self.options = options
    self.seed = seed
    self.model = model
    self.batches = batches
    checkpoints = CheckpointFiles(model: options.model!)
    log = ReportLog(file: options.runOptions.logFile)
    progress = Progress(unit: "steps", isShown: !options.input.quiet, total: options.runOptions.steps)
  }

  /// What a run depends on, by the names that people know it under.
  private func settings() throws -> [String: String] {
    var settings = try options.learning.settings(preset: options.modelOptions.preset)
    settings["--seed"] = "\(seed)"
    settings["--layers"] = model.layers.expression
    settings["--vocab"] = model.vocabulary.map { "of \($0.count) entries, digest \(digest($0))" } ?? "none"
    settings["--labels"] = model.labels?.joined(separator: ",") ?? "none"
    return settings
  }

  /// Puts the run where a checkpoint was.
  /// - Throws: `Failure` that says what differs, when the checkpoint is one of another run.
  mutating func resume(_ loop: inout Loop, from file: String) throws {
    let checkpoint = try Checkpoint(contentsOf: file)
    let (there, here) = (checkpoint.settings, try settings())
    let differing = here.keys.sorted().filter { there[$0] != here[$0] }
    guard differing.isEmpty else {
      let list = differing.map { "\($0) was \(there[$0] ?? "not there"), now it is \(here[$0]!)" }
      throw Failure("\(file) is of another run: \(list.joined(separator: "; "))")
    }
    let skipped = try batches.skip(checkpoint.step)
    guard skipped == checkpoint.step else {
      throw Failure("\(file) was made after \(checkpoint.step) batches, but the stream has \(skipped)")
    }
    guard "\(batches.digest)" == there["batches"] else {
      throw Failure(
        "\(file) is of another run: the first \(skipped) batches differ (a run goes on with the same stream)")
    }
    try checkpoint.restore(&loop, file: file)
    try log.cut(after: checkpoint.step)
    progress = Progress(
      unit: "steps", isShown: !options.input.quiet, total: options.runOptions.steps, countBefore: checkpoint.step)
    if !options.input.quiet { report("going on from step \(checkpoint.step), \(file)") }
  }

  /// Makes the steps, and writes the files that they come to.
  mutating func run(_ loop: inout Loop) throws {
    try checkpoints.removeLeftovers()
    do {
      let end = try steps(&loop)
      progress.clear()
      if StopSignal.isReceived { return try stop(loop) }
      try finish(loop, end)
    } catch is BatchStream.Interrupted {
      progress.clear()
      try stop(loop)
    } catch let error as Loop.NonFiniteLoss {
      progress.clear()
      let last = try checkpoints.newest().map { "the last checkpoint is \($0)" } ?? "no model is written"
      throw Failure(RecordError("the loss is not finite at step \(error.step); \(last)"), in: batches.line!)
    } catch {
      progress.clear()
      throw error
    }
  }

  private mutating func steps(_ loop: inout Loop) throws -> Loop.End {
    var lastEvaluation = ""
    return try loop.run(steps: options.runOptions.steps) { event, loop in
      switch event {
      case .step(let loss): progress.show(loop.trainer.step, note: "loss \(loss)\(lastEvaluation)")
      case .report(let report):
        if report.mode != "train" { lastEvaluation = ", \(report.mode) loss \(report.loss) at step \(report.step)" }
        progress.clear()
        try log.write(report)
      case .best: if options.runOptions.best != nil { try writeModel(loop) }
      case .checkpoint: try writeCheckpoint(loop)
      }
      return !StopSignal.isReceived
    }
  }

  private func finish(_ loop: borrowing Loop, _ end: Loop.End) throws {
    let step = loop.trainer.step
    guard step > 0 else { throw Failure("there were no batches, so there is no model") }
    if case .batches = end, let steps = options.runOptions.steps {
      report("the batches ended after \(step) of \(steps) steps")
    }
    if case .patience = end, !options.input.quiet, let best = loop.best {
      report("stopped early after \(step) steps; the best evaluation was at step \(best.step)")
    }
    if options.runOptions.best == nil { try writeModel(loop) }
    if let plot = options.runOptions.plot {
      let chart = lossChart(loop.history)
      try AtomicFile.write(to: plot) { descriptor throws(FileError) in
        var output = Output(descriptor: descriptor, name: plot)
        output.bytes = Array(chart.svg().utf8)
        try output.flush()
      }
    }
  }

  /// Writes a checkpoint of where a signal stopped the run, and ends as the signal would have.
  private func stop(_ loop: borrowing Loop) throws {
    if loop.trainer.step > 0 {
      try writeCheckpoint(loop)
      report("stopped after step \(loop.trainer.step); --resume goes on")
    }
    StopSignal.exitIfReceived()
  }

  private func writeModel(_ loop: borrowing Loop) throws {
    var model = model
    model.layers = loop.trainer.model
    model.figures = figures(loop)
    try model.write(to: options.model!)
  }

  private func writeCheckpoint(_ loop: borrowing Loop) throws {
    var model = model
    model.layers = loop.trainer.model
    model.figures = figures(loop)
    let settings = try settings().merging(["batches": "\(batches.digest)"]) { $1 }
    try Checkpoint(loop, model: model, settings: settings).write(to: checkpoints.file(step: loop.trainer.step))
    try checkpoints.prune(keeping: options.runOptions.keep)
  }

  /// The figures for the model file. No times are among them: the same run gives the same file.
  private func figures(_ loop: borrowing Loop) -> [String: Double] {
    var figures = loop.history.last
    figures["steps"] = Double(loop.trainer.step)
    figures["seed"] = Double(seed)
    return figures
  }
}

/// FNV-1a over the tokens, with a byte that no token has between them.
private func digest(_ tokens: [String]) -> String {
  var digest: UInt64 = 0xcbf2_9ce4_8422_2325
  for token in tokens {
    for byte in Array(token.utf8) + [0xff] { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
  return String(digest, radix: 16)
}
