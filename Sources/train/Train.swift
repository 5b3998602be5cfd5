import ArgumentParser
import Filters
import Neural
import Random
import Records

/// Batches in, a model file and reports out.
@main
struct Train: Program {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on a stream of batches.",
    discussion: """
      Reads batches, as batch writes them, makes a step with each, and writes the model file when --steps are done or the \
      stream ends. Standard output has a JSON record a report: step, split ("train": the means since the last such report; \
      "eval" or the name of an --eval file: over its batches), loss, learning_rate, metrics and seconds since the start.

      Ctrl-C and SIGTERM let the step end and write a checkpoint; so does --checkpoint-every. --resume goes on from there \
      and ends with the same bytes as a run that was never stopped.

      Layers: \(LayerExpression.usages.joined(separator: ", ")).
      Optimizers: \(OptimizerExpression.usages.joined(separator: ", ")).
      Schedules: \(ScheduleExpression.usages.joined(separator: ", ")).
      """,
    version: rivuletVersion)

  static let example = """
    printf '%s\\n' '{"ids":[3,4],"label":1}' '{"ids":[5],"label":0}' |
      batch --batch-size 2 --repeat |
      train --layers 'Embedding(6, 8) Mean Dense(2) LogSoftmax' --optimizer 'Adam(0.01)' --steps 20 --seed 1 \\
        --model small.safetensors
    """

  @OptionGroup(title: "Input and output") var input: InputOptions

  @Option(help: ArgumentHelp("The model file to write.", valueName: "file"))
  var model: String?

  @Flag(
    help: """
      Print the model and, for each sublayer, shapes and number of weights, and stop. Without --layers and --preset it is \
      the model in the file of --model.
      """)
  var describe = false

  @Flag(help: "Read the first batch, make a step with it, print what the run would be and need, and write nothing.")
  var dryRun = false

  @OptionGroup(title: "Model") var modelOptions: ModelOptions
  @OptionGroup(title: "Learning") var learning: LearningOptions
  @OptionGroup(title: "Run") var runOptions: RunOptions

  @Option(help: "The seed of the first weights and of dropout. Without one a seed is drawn, and printed.")
  var seed: UInt64?

  @Option(help: "The number of threads that work on a step. The model is the same for any number.")
  var threads = 1

  func validate() throws {
    if describe, model != nil, !modelOptions.isGiven { return }
    guard modelOptions.isGiven else { throw ValidationError("Give either --layers or --preset.") }
    guard describe || dryRun || model != nil else { throw ValidationError("--model is needed: the file to write.") }
    guard 1...256 ~= threads else { throw ValidationError("--threads must be from 1 to 256.") }
  }

  func run() throws {
    do { try train() } catch is BatchStream.Interrupted { StopSignal.exitIfReceived() }
  }

  private func train() throws {
    try setMatrixThreads(threads)
    keepLargeBuffers()
    if describe, !modelOptions.isGiven {
      return try print(Describe.text(of: Model(contentsOf: model!).layers), terminator: "")
    }
    let newest = runOptions.resume && !describe && !dryRun ? try CheckpointFiles(model: model!).newest() : nil
    let seed =
      try self.seed ?? newest.flatMap { try Checkpoint(contentsOf: $0).settings["--seed"].flatMap { UInt64($0) } }
      ?? UInt64(UInt32.random(in: 0 ... .max))
    if self.seed == nil, newest == nil, !describe, !input.quiet { report("seed \(seed)") }
    let (model, output) = try modelOptions.model(key: RandomKey(seed), quiet: input.quiet || newest != nil)
    if describe { return print(try Describe.text(of: model.layers), terminator: "") }
    let limits = BatchLimits(
      vocabularySize: model.layers.idCount, classes: output.last!, isSequence: output.count == 3)
    StopSignal.watch()
    let batches = BatchStream(files: input.files, maxLine: input.maxLine.value, limits: limits)
    let metrics = try runOptions.namedMetrics(limits.isSequence ? ["accuracy", "log_perplexity"] : ["accuracy"])
    let task = try learning.task(preset: modelOptions.preset, metrics: metrics) { try batches.next() }
    if dryRun { return try printDryRun(model.layers, task) }

    let evalTasks = try runOptions.evalFiles.map { name, file in
      let batches = BatchStream(files: [file], maxLine: input.maxLine.value, limits: limits)
      return EvalTask(name: name, try batches.readAll(), metrics: metrics, batchCount: runOptions.evalBatches)
    }
    var loop = Loop(
      model.layers, task, evalTasks: evalTasks, timing: runOptions.timing, best: runOptions.criterion,
      key: RandomKey(seed).fold(in: 1))
    var session = Session(options: self, seed: seed, model: model, batches: batches)
    if let newest { try session.resume(&loop, from: newest) }
    try session.run(&loop)
  }
}
