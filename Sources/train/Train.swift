import ArgumentParser
import Files
import Filters
import JSONLines
import Models
import Neural
import Random
import TrainingRuns

/// Batches in, a model file and reports out.
@main
struct Train: Program {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on a stream of batches.",
    discussion: """
      Reads batches, as batch writes them, makes a step with each, and writes the model file when --steps are done or \
      the stream ends. Standard output has a JSON record a report.

      A report has step, split ("train": the means since the last such \
      report; "eval" or the name of an --eval file: over its batches), loss, learning_rate, epoch (how often the data \
      have been gone through, where the batches say so), metrics and seconds since the start.

      Ctrl-C and SIGTERM let the step end and write a checkpoint; so does --checkpoint-every, and a bad batch (and, of \
      processes of mpirun, SIGUSR1, which mpirun hands on to them). \
      --resume goes on from there and ends with the same bytes as a run that was never stopped. Two runs can't write \
      one model at a time: MODEL.lock tells of the first. Files that can't be written are found before the first step; \
      the name - is standard output. When reports or a checkpoint can't be written later, that is said, the run goes \
      on, and its exit status is 1.

      A loss or metric is null where no target counts; a model is never the best by null. The loss of "train" is the \
      mean over the batches that have targets which count; metrics are those of all their targets together.
      """,
    version: versionAndCommit)

  static let guides = ["training", "language-models", "pairs", "tagging", "word-vectors"]

  static let commonOptions = [
    "--model", "--describe", "--dry-run", "--layers", "--preset", "--vocab", "--labels", "--tokenizer",
    "--loss", "--optimizer", "--steps", "--epochs", "--eval", "--eval-every",
    "--checkpoint-every", "--resume", "--seed", "--threads",
  ]

  static let example = """
    printf '%s\\n' '{"ids":[3,4],"label":1}' '{"ids":[5],"label":0}' |
      batch --batch-size 2 --repeat |
      train --layers 'Embedding(6, 8) Mean Dense(2) LogSoftmax' --optimizer 'Adam(0.01)' --steps 20 --seed 1 \\
        --model small.safetensors
    """

  @OptionGroup(title: "Input and output") var input: InputOptions

  @Option(help: ArgumentHelp("The model file to write.", valueName: "file"), completion: .file())
  var model: String?

  @Flag(
    help: """
      Print the model and, for each sublayer, shapes and number of weights, and stop. Without --layers and --preset it \
      is the model in the file of --model, with its labels, vocabulary, tokenizer, steps and last losses and metrics.
      """)
  var describe = false

  @Option(
    help: ArgumentHelp(
      """
      With --describe and the file of --model: the n tokens that matter most for each class, with what they add to its \
      log odds. For layers Embedding Mean Dense LogSoftmax those are the shares of the tokens' rows; for other models \
      each token is predicted alone.
      """, valueName: "n"))
  var topTokens: Int?

  @Option(
    help: ArgumentHelp(
      """
      With --describe and the file of --model: the ten tokens of its vocabulary that are nearest to each of these words \
      by the cosine of their rows in the first table of ids (with runs of characters, of the means of their rows).
      """, valueName: "word,…"))
  var neighbours: CommaList?

  @Flag(help: "Read the first batch, make a step with it, print what the run would be and need, and write nothing.")
  var dryRun = false

  @OptionGroup(title: "Model") var modelOptions: ModelOptions
  @OptionGroup(title: "Learning") var learning: LearningOptions
  @OptionGroup(title: "Run") var runOptions: RunOptions

  @OptionGroup var seeding: SeedOptions
  @OptionGroup var threading: ThreadOptions

  func validate() throws {
    guard !describe || !dryRun else { throw ValidationError("Give either --describe or --dry-run.") }
    if describe { try checkDescribe() }
    guard topTokens == nil || describe && model != nil else {
      throw ValidationError("--top-tokens goes with --describe and --model.")
    }
    guard neighbours == nil || describe && model != nil else {
      throw ValidationError("--neighbours goes with --describe and --model.")
    }
    guard topTokens ?? 1 >= 1 else { throw ValidationError("--top-tokens must be 1 or more.") }
    if describe, model != nil { return }
    guard modelOptions.isGiven else {
      throw ValidationError(
        describe ? "--describe needs --layers, --preset, or --model FILE." : "Give either --layers or --preset.")
    }
    guard modelOptions.preset != .skipgram || learning.loss ?? .crossEntropy == .crossEntropy else {
      throw ValidationError("--preset skipgram tells words that are near from others: its loss is cross-entropy.")
    }
    if let preset = modelOptions.preset, preset.isLanguageModel, learning.loss ?? .crossEntropy != .crossEntropy {
      throw ValidationError("--preset \(preset.rawValue) is a language model: its loss is cross-entropy.")
    }
    guard describe || dryRun || model != nil else { throw ValidationError("--model is needed: the file to write.") }
    guard !dryRun || !runOptions.resume else {
      throw ValidationError("--dry-run makes the first step of a new run: leave --resume out.")
    }
    let fromInput =
      runOptions.evalFiles.count { $0.file == "-" } + (runOptions.thresholdOn == "-" ? 1 : 0)
      + (input.files.isEmpty || input.files.contains("-") ? 1 : 0)
    guard fromInput < 2 || runOptions.evalFiles.allSatisfy({ $0.file != "-" }) && runOptions.thresholdOn != "-" else {
      throw ValidationError("--eval and --threshold-on: standard input can't be read twice.")
    }
  }

  /// What would be ignored is refused.
  private func checkDescribe() throws {
    if model != nil, modelOptions.isGiven {
      throw ValidationError("--describe shows either --layers or --preset, or the model in the file of --model.")
    }
    let ofNewModels: [(String, Bool)] = [
      ("--vocab", modelOptions.vocab != nil), ("--labels", modelOptions.labelOptions.labels != nil),
      ("--tokenizer", modelOptions.tokenizer != nil), ("--init-from", modelOptions.initFrom != nil),
      ("--seed", seeding.seed != nil), ("--loss", learning.loss != nil),
      ("--pair", modelOptions.pair != nil),
    ]
    let given =
      (model == nil ? [] : ofNewModels) + learning.given + runOptions.given + [("files", !input.files.isEmpty)]
    let ignored = given.filter(\.1).map(\.0)
    guard ignored.isEmpty else {
      throw ValidationError("--describe only shows the model: leave out \(ignored.joined(separator: ", ")).")
    }
  }

  func run() throws {
    do {
      try train()
    } catch is BatchStream.Interrupted {
      report("stopped before the first step")
    }
    StopSignal.exitIfReceived()
  }

  private func train() throws {
    try setMatrixThreads(threading.threads)
    keepLargeBuffers()
    if describe { return try writeText(describedModel(), to: 1) }
    let processes = try Processes()
    StopSignal.watch(processes.stopSignals)
    let isQuiet = input.quiet || !processes.isFirst
    let outputs = try model.map { file throws in try processes.outputs(self.outputs(model: file)) }
    let lock = dryRun || !processes.isFirst ? nil : try outputs?.lock()
    defer { lock?.release() }
    let newest = try processes.share { () throws -> String? in
      runOptions.resume ? try outputs?.checkpoints?.newest() : nil
    }
    let seed = try seed(processes, newest)
    let (model, signature) = try modelOptions.newModel(learning.loss).make(
      key: RandomKey(seed), report: isQuiet || newest != nil ? { _ in } : { report($0) })
    try learning.check(model.layers)
    let batches = stream(input.files, signature, processes, epochsNeededBy: runOptions.epochsNeededBy)
    let metrics = try runOptions.metrics(of: signature)
    let task = try learning.task(
      of: signature, preset: modelOptions.preset, steps: runOptions.steps, fixedID: model.silentID(signature),
      metrics: metrics, lanes: processes.lanes(learning.lanes)
    ) { try batches.next() }
    let evals = try runOptions.evalFiles.map { name, file in
      let stream = stream([file], signature, processes)
      let task = try processes.alike {
        try stream.evalTask(name, batches: runOptions.evalBatches, metrics: metrics)
      }
      return (task: task, digest: stream.digest)
    }
    let threshold = try thresholdTask(signature, processes)
    guard !dryRun, let outputs else {
      if processes.isFirst { try writeText(ModelSummary.text(of: model.layers), to: 1) }
      var model = model
      model.precision = runOptions.precision ?? .single
      let text = try processes.alike { try DryRun.text(of: model, task) }
      if processes.isFirst { try writeText(text + "\n", to: 1) }
      return processes.end { _ in }
    }

    var loop = Loop(
      model.layers, task, evalTasks: evals.map(\.task), timing: runOptions.timing, best: runOptions.criterion,
      key: RandomKey(seed).fold(in: 1))
    let settings = RunSettings(
      learning: try learning.settings(
        of: signature, preset: modelOptions.preset, steps: runOptions.steps), seed: seed, model: model,
      metrics: metrics,
      best: runOptions.best, evals: evals.map { ($0.task.name, $0.digest) }, initFrom: modelOptions.initFrom,
      threshold: threshold, precision: runOptions.precision ?? .single)
    var trainingRun = try TrainingRun(
      runOptions.plan(seed: seed, isQuiet: isQuiet, keepsBest: processes.isFirst), outputs: outputs, model: model,
      settings: settings, batches: batches, threshold: threshold, standardOutput: processes.standardOutput,
      report: processes.isFirst ? { report($0) } : { _ in })
    if let newest { try trainingRun.resume(&loop, from: newest) }
    if newest == nil, runOptions.resume, let note = lock?.noteBefore { try trainingRun.takeBack(note) }
    lock?.note(trainingRun.note)
    try processes.checkSame(loop.trainer.model)
    if threading.threads > 1 { try batches.readAhead() }
    try processes.alike { try trainingRun.run(&loop) }
    processes.end { if !isQuiet { report($0) } }
  }

  /// The seed of the run: that of the command line, or of the checkpoint that it goes on from, or one that is drawn.
  private func seed(_ processes: Processes, _ newest: String?) throws -> UInt64 {
    let seed = try processes.share {
      let earlier = seeding.seed != nil ? nil : try newest.map { try Checkpoint(contentsOf: $0).settings["--seed"] }
      return "\(seeding.seed(orThatOf: earlier.flatMap { $0.flatMap { UInt64($0) } }, isQuiet: input.quiet))"
    }
    return UInt64(seed!)!
  }

  /// What the threshold of a model of pairs is chosen on, if it is.
  private func thresholdTask(_ signature: ModelSignature, _ processes: Processes) throws -> ThresholdTask? {
    guard let file = runOptions.thresholdOn else { return nil }
    guard signature.isOfPairs else { throw Failure("--threshold-on: only models of pairs have a threshold") }
    return try processes.alike {
      try ThresholdTask(stream([file], signature.ofLabelledPairs, processes), file: file)
    }
  }

  private func describedModel() throws -> String {
    if let file = model {
      let model = try Model(contentsOf: file)
      return try ModelSummary.text(of: model.layers) + ModelFacts.text(of: model) + describedTokens(of: model, file)
        + (neighbours.map { "\n" + (try Neighbours(model, file: file).text(of: $0.items)) } ?? "")
    }
    let (model, signature) = try modelOptions.newModel(learning.loss).make(
      key: RandomKey(seeding.seed ?? 0), report: input.quiet ? { _ in } : { report($0) })
    _ = try learning.loss(modelOptions.preset, for: signature)
    return try ModelSummary.text(of: model.layers)
  }

  /// The tokens that --top-tokens asks for, behind a blank line.
  private func describedTokens(of model: Model, _ file: String) throws -> String {
    guard let topTokens else { return "" }
    do {
      return try "\n" + TopTokens(Classifier(model, file: file), count: topTokens).text(labels: model.labels)
    } catch let error as RecordError {
      throw Failure("\(file): \(error)")
    }
  }

  /// The files to write, which are looked at.
  private func outputs(model: String) throws -> Outputs {
    let inputs =
      (input.files.isEmpty ? ["-"] : input.files).map { (option: "the input", file: $0) }
      + runOptions.evalFiles.map { ("--eval", $0.file) }
      + [
        ("--vocab", modelOptions.vocab), ("--labels", modelOptions.labelOptions.file),
        ("--threshold-on", runOptions.thresholdOn),
      ].compactMap { option, file in
        file.map { (option, $0) }
      }
    return try Outputs(
      model: model, plot: runOptions.plot, log: runOptions.logFile, inputs: inputs,
      replaceable: modelOptions.initFrom.map { [("--init-from", $0)] } ?? [],
      checkpointOptions: runOptions.ofCheckpoints)
  }

  /// Batches from files, until a signal asks the program to stop.
  private func stream(
    _ files: [String], _ signature: ModelSignature, _ processes: Processes, epochsNeededBy: String? = nil
  ) -> BatchStream {
    BatchStream(
      files: files, maxLine: input.maxLine.value, for: signature, epochsNeededBy: epochsNeededBy,
      exchange: processes.exchange, stopDescriptor: StopSignal.descriptor
    ) { StopSignal.isReceived }
  }
}
