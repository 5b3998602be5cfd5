import ArgumentParser
import Filters
import Models
import Neural

/// How the model learns.
struct LearningOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      What is minimized: cross-entropy, for one class a row and layers that end in LogSoftmax; or \
      binary-cross-entropy, for several labels a row (batch --several-labels) and layers that end in LogSigmoid. If \
      not given, that of the preset, or which fits the layers. SquaredHinge is for one class a row, too: each \
      class against the rest, by the margin, of which what is missing counts squared (a support vector machine). TripletLoss is for pairs, batches of duplicates (batch --triplets) and \
      layers that give two vectors: the positive is to be above the hardest negative of its row, and the mean one, by \
      the margin.
      """, valueName: "name"))
  var loss: LossName?

  @Option(
    help: ArgumentHelp(
      "The optimizer (help lists them); Adam(0.01), or that of the preset, if not given.", valueName: "expression"))
  var optimizer: String?

  @Option(
    help: ArgumentHelp(
      "The learning rate of every step (help lists what there is); without it the optimizer's own, or the preset's.",
      valueName: "expression"))
  var schedule: String?

  @Option(
    help: ArgumentHelp(
      "Scale all gradients together down to this norm if they are larger; the preset's if not given, and else not at all.",
      valueName: "norm"))
  var clip: Float?

  @Option(
    help: ArgumentHelp(
      "Label smoothing: this share of every target's probability is spread evenly over all classes.", valueName: "share"
    ))
  var labelSmoothing: Float = 0

  @Flag(help: "Let the first table of ids stay as it is, such as that of --init-from.")
  var freezeEmbedding = false

  @Option(
    help: ArgumentHelp(
      "The learning rate of the first table of ids is that of the other weights times this; 1 if not given.",
      valueName: "factor"))
  var embeddingRate: Double?

  @Option(
    help: ArgumentHelp(
      """
      Cut the rows of every batch into this many parts, a power of two, and sum what they come to: the processes that \
      mpirun has started share them, and the model is the same for any number of processes. 1 if not given; then there \
      is one process.
      """, valueName: "n"))
  var lanes: Int?

  /// The options, and whether they are given.
  var given: [(String, Bool)] {
    [
      ("--optimizer", optimizer != nil), ("--schedule", schedule != nil), ("--clip", clip != nil),
      ("--label-smoothing", labelSmoothing != 0),
      ("--freeze-embedding", freezeEmbedding), ("--embedding-rate", embeddingRate != nil),
      ("--lanes", lanes != nil),
    ]
  }

  func validate() throws {
    if optimizer == "help" { throw CleanExit.message(OptimizerExpression.listing) }
    if schedule == "help" { throw CleanExit.message(ScheduleExpression.listing) }
    do { _ = try optimizer.map(OptimizerExpression.optimizer) } catch { throw ValidationError("--optimizer: \(error)") }
    do { _ = try schedule.map(ScheduleExpression.schedule) } catch { throw ValidationError("--schedule: \(error)") }
    guard clip ?? 1 > 0 else { throw ValidationError("--clip must be more than 0.") }
    guard !freezeEmbedding || embeddingRate == nil else {
      throw ValidationError("Give either --freeze-embedding or --embedding-rate.")
    }
    guard embeddingRate ?? 1 > 0, embeddingRate ?? 1 <= 1e6 else {
      throw ValidationError("--embedding-rate must be above 0 and at most 1000000; --freeze-embedding is for 0.")
    }
    guard 1...1024 ~= lanes ?? 1, (lanes ?? 1).nonzeroBitCount == 1 else {
      throw ValidationError("--lanes must be 1, 2, 4 or another power of two up to 1024.")
    }
    guard labelSmoothing >= 0, labelSmoothing < 1 else {
      throw ValidationError("--label-smoothing must be from 0 to below 1.")
    }
    guard labelSmoothing == 0 || loss ?? .crossEntropy == .crossEntropy else {
      throw ValidationError(Self.noSmoothing)
    }
  }

  private static let noSmoothing =
    "--label-smoothing divides the probability of one class: it is for --loss cross-entropy."

  /// The loss of a model: the one given, that of the preset, or the one for its outputs.
  private func lossName(_ preset: ModelOptions.Preset?, _ signature: ModelSignature) -> LossName {
    loss ?? preset?.loss ?? LossName(for: signature)
  }

  /// The loss for a model.
  /// - Throws: `Failure` that says what to do when options do not fit its outputs.
  func loss(_ preset: ModelOptions.Preset?, for signature: ModelSignature) throws(Failure) -> any Loss {
    let name = lossName(preset, signature)
    try name.check(fits: signature)
    guard labelSmoothing == 0 || name == .crossEntropy else { throw Failure(Self.noSmoothing) }
    return switch name {
    case .crossEntropy:
      labelSmoothing > 0 ? CategoryCrossEntropy(labelSmoothing: labelSmoothing) : CrossEntropyLoss()
    case .binaryCrossEntropy: BinaryCrossEntropy()
    case .squaredHinge(let loss): loss
    case .triplet(let loss): loss
    }
  }

  /// The optimizer, for a preset if there is one.
  private func optimizer(_ preset: ModelOptions.Preset?) throws -> any Optimizer {
    try OptimizerExpression.optimizer(optimizer ?? (preset?.optimizer ?? "Adam(0.01)"))
  }

  /// The schedule as an expression: the one given, or that of a preset whose optimizer is its own.
  private func schedule(_ preset: ModelOptions.Preset?, steps: Int?) throws -> String? {
    guard schedule == nil, optimizer == nil, let preset, let itsSchedule = preset.schedule else { return schedule }
    guard let schedule = itsSchedule(steps) else {
      throw Failure(
        "--preset \(preset.rawValue) needs --steps, at the last of which its learning rate comes to 0, or a --schedule"
      )
    }
    return schedule
  }

  /// The norm down to which gradients are scaled: the one given, or that of a preset.
  private func clip(_ preset: ModelOptions.Preset?) -> Float? { clip ?? preset?.clip }

  /// What the learning rate is multiplied by for the first table of ids; with 0 it stays as it is.
  private var tableRate: Double { freezeEmbedding ? 0 : embeddingRate ?? 1 }

  /// - Throws: `Failure` where an option is for a table that the model does not have.
  func check(_ layers: Serial) throws(Failure) {
    guard freezeEmbedding || embeddingRate != nil, layers.idTable == nil else { return }
    throw Failure(
      "\(freezeEmbedding ? "--freeze-embedding" : "--embedding-rate"): the layers have no table of ids, as Embedding has"
    )
  }

  /// The task of learning from batches.
  /// - Parameter steps: The number of steps, if it is known.
  func task(
    of signature: ModelSignature, preset: ModelOptions.Preset?, steps: Int?, fixedID: Int?, metrics: [any Metric],
    lanes: Lanes, next: @escaping () throws -> Batch?
  ) throws -> TrainTask {
    guard lanes.count == 1 || signature.targetKind != .duplicates else {
      throw Failure("--lanes: TripletLoss compares every row of a batch with all others, so a batch can't be cut")
    }
    return TrainTask(
      loss: try loss(preset, for: signature), optimizer: try optimizer(preset),
      schedule: try schedule(preset, steps: steps).map(ScheduleExpression.schedule), clipNorm: clip(preset),
      fixedID: fixedID,
      tableRate: tableRate, metrics: metrics, lanes: lanes, next: next)
  }

  /// What a run that is to go on must have been told, too, by option.
  func settings(
    of signature: ModelSignature, preset: ModelOptions.Preset?, steps: Int?
  ) throws -> [String: String] {
    [
      "--optimizer": try optimizer(preset).expression, "--schedule": try schedule(preset, steps: steps) ?? "none",
      "--clip": clip(preset).map { "\($0)" } ?? "none",
      "--embedding-rate": tableRate == 0 ? "0 (--freeze-embedding)" : "\(tableRate)",
      "--label-smoothing": "\(labelSmoothing)", "--loss": lossName(preset, signature).expression,
      "--lanes": "\(lanes ?? 1)",
    ]
  }
}
