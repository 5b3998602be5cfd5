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
      stream ends. Standard output has a JSON record a report: step, split ("train": the mean since the last such report; \
      "eval": over the batches of --eval), loss, learning_rate, metrics and seconds since the start.

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

  @Option(help: ArgumentHelp("The model as a layer expression.", valueName: "expression"))
  var layers: String?

  @Option(
    help: """
      A model by name. classifier: Embedding(units) Mean Dense(N) LogSoftmax for N labels (2 without --labels). gru-lm, a \
      language model: ShiftRight Embedding(units) GRU(units) … Dense(V) LogSoftmax for the V ids of --vocab (256 without), \
      with as many GRUs as --depth says.
      """)
  var preset: Preset?

  @Option(help: "The depth of the preset's embedding and states: 256 of a classifier, 512 of gru-lm, if not given.")
  var units: Int?

  @Option(help: "The number of GRUs in the preset gru-lm; 2 if not given.")
  var depth: Int?

  @Option(help: ArgumentHelp("The optimizer.", valueName: "expression"))
  var optimizer = "Adam(0.01)"

  @Option(
    help: ArgumentHelp("The learning rate of every step; without it the optimizer's own.", valueName: "expression"))
  var schedule: String?

  @Option(help: ArgumentHelp("Scale all gradients together down to this norm if they are larger.", valueName: "norm"))
  var clip: Float?

  @Option(help: "Stop after this many steps. Without it the stream's end is the end.")
  var steps: Int?

  @Option(
    help: ArgumentHelp("A file of batches to evaluate the model on, at the end and at --eval-every.", valueName: "file")
  )
  var eval: String?

  @Option(help: "Evaluate every so many steps.")
  var evalEvery: Int?

  @Option(help: "Report the training loss every so many steps.")
  var reportEvery = 10

  @Option(help: "The seed of the first weights. Without one a seed is drawn, and printed.")
  var seed: UInt64?

  @Option(help: "The number of threads of the matrix products.")
  var threads = 1

  @Option(help: ArgumentHelp("The vocabulary of the ids; it becomes a part of the model file.", valueName: "file"))
  var vocab: String?

  @Option(help: ArgumentHelp("The names of the classes 0, 1, …", valueName: "a,b,…"))
  var labels: CommaList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The options of tweet-tokenize, or of tensorize --characters, that made the ids; kept in the model file.",
      valueName: "options"))
  var tokenizer: String?

  enum Preset: String, ExpressibleByArgument, CaseIterable {
    case classifier
    case languageModel = "gru-lm"
  }

  func validate() throws {
    if layers == nil, preset == nil, describe, model != nil { return }
    guard (layers == nil) != (preset == nil) else { throw ValidationError("Give either --layers or --preset.") }
    guard describe || model != nil else { throw ValidationError("--model is needed: the file to write.") }
    guard steps ?? 1 >= 1 else { throw ValidationError("--steps must be 1 or more.") }
    guard evalEvery ?? 1 >= 1, reportEvery >= 1 else {
      throw ValidationError("--eval-every and --report-every must be 1 or more.")
    }
    guard 1...256 ~= threads else { throw ValidationError("--threads must be from 1 to 256.") }
    if evalEvery != nil, eval == nil { throw ValidationError("--eval-every needs --eval.") }
    if let labels, Set(labels.items).count < max(labels.items.count, 2) {
      throw ValidationError("--labels needs two names or more, all different.")
    }
    do { _ = try OptimizerExpression.optimizer(optimizer) } catch { throw ValidationError("--optimizer: \(error)") }
    do { _ = try schedule.map(ScheduleExpression.schedule) } catch { throw ValidationError("--schedule: \(error)") }
    guard preset != nil || (units ?? depth) == nil, preset != .classifier || depth == nil else {
      throw ValidationError("--units goes with --preset, --depth with --preset gru-lm.")
    }
    guard 1...65_536 ~= units ?? 1, 1...64 ~= depth ?? 1 else {
      throw ValidationError("--units must be from 1 to 65536, --depth from 1 to 64.")
    }
    guard clip ?? 1 > 0 else { throw ValidationError("--clip must be more than 0.") }
    do { _ = try LayerExpression(vocabularySize: vocab == nil ? nil : 3).model(expression(vocabularySize: nil)) } catch
    {
      throw ValidationError("--layers: \(error)")
    }
  }

  /// The layers as an expression, for a vocabulary of a size if there is one.
  private func expression(vocabularySize: Int?) -> String {
    if let layers { return layers }
    if preset == .languageModel {
      let (ids, units) = (vocabularySize ?? 256, units ?? 512)
      let recurrent = String(repeating: "GRU(\(units)) ", count: depth ?? 2)
      return "ShiftRight Embedding(\(ids), \(units)) \(recurrent)Dense(\(ids)) LogSoftmax"
    }
    return "Embedding(\(units ?? 256)) Mean Dense(\(labels?.items.count ?? 2)) LogSoftmax"
  }

  func run() throws {
    setMatrixThreads(threads)
    keepLargeBuffers()
    if describe, layers == nil, preset == nil {
      return try print(train.describe(Model(contentsOf: model!).layers), terminator: "")
    }
    let vocabulary = try vocab.map { try VocabularyFile.read($0) }
    var layers = try LayerExpression(vocabularySize: vocabulary?.count).model(
      expression(vocabularySize: vocabulary?.count))
    let seed = seed ?? UInt64(UInt32.random(in: 0 ... .max))
    if self.seed == nil, !describe, !input.quiet { report("seed \(seed)") }
    let output: [Int]
    do { output = try layers.initialize([1, 1], key: RandomKey(seed)) } catch { throw Failure("--layers: \(error)") }
    if describe { return print(try train.describe(layers), terminator: "") }
    guard 2...3 ~= output.count else {
      throw Failure(
        "--layers: the outputs have the shape \(output), but the loss needs [batch, classes] or [batch, time, classes]")
    }
    let classes = output.last!
    if let labels, labels.items.count != classes {
      throw Failure("--labels: \(labels.items.count) names for \(classes) classes")
    }

    let limits = BatchLimits(vocabularySize: layers.idCount, classes: classes, isSequence: output.count == 3)
    var evalBatches = eval.map { BatchStream(files: [$0], maxLine: input.maxLine.value, limits: limits) }
    var session = TrainingSession(
      isLanguageModel: limits.isSequence,
      trainer: Trainer(
        layers, optimizer: try OptimizerExpression.optimizer(optimizer),
        schedule: try schedule.map(ScheduleExpression.schedule), clipNorm: clip,
        key: RandomKey(seed).fold(in: 1)),
      evalBatches: try evalBatches?.readAll() ?? [], options: self)
    var batches = BatchStream(files: input.files, maxLine: input.maxLine.value, limits: limits)
    try session.run(&batches)

    var figures = session.figures
    figures["seed"] = Double(seed)
    try Model(
      layers: session.trainer.model, vocabulary: vocabulary, labels: labels?.items, tokenizer: tokenizer,
      figures: figures
    ).write(to: model!)
  }
}
