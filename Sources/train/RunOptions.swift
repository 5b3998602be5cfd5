import ArgumentParser
import Files
import Filters
import Models
import Neural
import Text
import TrainingRuns

/// How long the run lasts, and what is seen and kept of it.
struct RunOptions: ParsableArguments {
  @Option(help: "Stop after this many steps. Without it the stream's end is the end.")
  var steps: Int?

  @Option(
    help: """
      Stop after so many passes through the data. Where --epochs and intervals like 1epoch are given, the \
      batches must be those of batch --epochs or --repeat, which count epochs.
      """)
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      """
      A file of batches to evaluate the model on, at the end and at --eval-every; or NAME=FILE. May be given again; \
      the first one decides which evaluation is the best. Examples with one class each are evaluated at their own \
      lengths, as predict does; losses and metrics of training are those of padded batches.
      """, valueName: "file"), completion: .file())
  var eval: [String] = []

  @Option(
    help: ArgumentHelp("Evaluate every so many steps, or epochs: 1epoch.", valueName: "steps"), transform: interval)
  var evalEvery: Loop.Interval?

  @Option(
    help: ArgumentHelp(
      """
      For a model of pairs: a file of batches of labelled pairs on which its threshold is chosen when it is written, \
      the one with the highest F1 of duplicates. predict says duplicates from there on.
      """, valueName: "file"), completion: .file())
  var thresholdOn: String?

  @Option(help: ArgumentHelp("Evaluate on the first batches of each file only.", valueName: "n"))
  var evalBatches: Int?

  @Option(
    help: ArgumentHelp(
      """
      Metrics to report beside the loss: \(Metrics.names(for: .classes).joined(separator: ", ")); of several labels a \
      record \(Metrics.names(for: .labels).joined(separator: ", ")); of duplicates \
      \(Metrics.names(for: .duplicates).joined(separator: ", ")), how often the other side of a row is nearer than that \
      of every other row of the batch.
      """, valueName: "a,b,…"))
  var metrics: CommaList?

  @Option(
    help: ArgumentHelp(
      """
      Let the model file hold the weights of the best evaluation instead of the last: the lowest loss or \
      log_perplexity, the highest of other metrics.
      """, valueName: "metric"))
  var best: String?

  @Option(
    help: ArgumentHelp(
      """
      How the model file keeps the numbers of tables and kernels: single as they were trained, half in two bytes each, \
      int8 in one and a scale for each row (of rows below 16 numbers, for each column); with both, rows of zeros take a \
      byte. Every program reads all three. Checkpoints, reports and evaluations are of the numbers before they are \
      rounded. Single if not given.
      """, valueName: "precision"))
  var precision: FilePrecision?

  @Option(help: ArgumentHelp("Stop after so many evaluations in a row that were not the best.", valueName: "n"))
  var earlyStop: Int?

  @Option(
    help: ArgumentHelp(
      "Report the training loss every so many steps, or epochs; 10 steps if not given.", valueName: "steps"),
    transform: interval)
  var reportEvery: Loop.Interval?

  @Option(
    help: ArgumentHelp(
      "Add the reports to a file, too. A run that goes on first takes off what it will write again.", valueName: "file"),
    completion: .file()
  )
  var logFile: String?

  @Option(
    help: ArgumentHelp("Draw the losses over the steps, as SVG, when the run ends.", valueName: "file"),
    completion: .file())
  var plot: String?

  @Option(
    help: ArgumentHelp(
      "Write a checkpoint every so many steps, or epochs, to MODEL.checkpoint-STEP.", valueName: "steps"),
    transform: interval)
  var checkpointEvery: Loop.Interval?

  @Option(help: ArgumentHelp("Keep so many checkpoints, the newest; 1 if not given.", valueName: "n"))
  var keep: Int?

  @Flag(
    help: """
      Go on from the newest checkpoint, if there is one. The options must be the same, and the stream of batches, from \
      its beginning: the batches that were used are passed over. Without --resume a run begins anew, and the \
      checkpoints of an earlier one go when it writes its first file.
      """)
  var resume = false

  /// The options, and whether they are given.
  var given: [(String, Bool)] {
    [
      ("--steps", steps != nil), ("--epochs", epochs != nil), ("--eval", !eval.isEmpty),
      ("--eval-every", evalEvery != nil),
      ("--eval-batches", evalBatches != nil), ("--threshold-on", thresholdOn != nil), ("--metrics", metrics != nil),
      ("--best", best != nil), ("--precision", precision != nil),
      ("--early-stop", earlyStop != nil), ("--report-every", reportEvery != nil), ("--log-file", logFile != nil),
      ("--plot", plot != nil),
      ("--checkpoint-every", checkpointEvery != nil), ("--keep", keep != nil), ("--resume", resume),
    ]
  }

  /// The options given that mean nothing without checkpoints, or a model file to go on from.
  var ofCheckpoints: [String] {
    [
      ("--checkpoint-every", checkpointEvery != nil), ("--keep", keep != nil), ("--resume", resume),
      ("--best", best != nil),
    ].filter(\.1).map(\.0)
  }

  func validate() throws {
    for (name, value) in [
      ("--steps", steps), ("--epochs", epochs), ("--eval-batches", evalBatches), ("--early-stop", earlyStop),
      ("--keep", keep),
    ] where value ?? 1 < 1 {
      throw ValidationError("\(name) must be 1 or more.")
    }
    if eval.isEmpty {
      for (name, isGiven) in [
        ("--eval-every", evalEvery != nil), ("--eval-batches", evalBatches != nil), ("--best", best != nil),
        ("--early-stop", earlyStop != nil),
      ] where isGiven {
        throw ValidationError("\(name) needs --eval.")
      }
    }
    if keep != nil, checkpointEvery == nil, !resume { throw ValidationError("--keep needs --checkpoint-every.") }
    if earlyStop != nil, evalEvery == nil { throw ValidationError("--early-stop needs --eval-every.") }
    let names = evalFiles.map(\.name)
    guard Set(names).count == names.count, !names.contains("train") else {
      throw ValidationError("The --eval files need different names, not \"train\": NAME=FILE.")
    }
    _ = try namedMetrics(["accuracy"])
    guard
      best == nil || best == "loss"
        || (metrics?.items ?? ModelSignature.Kind.allCases.flatMap(Self.defaultMetrics)).contains(best!)
    else {
      throw ValidationError("--best: \"\(best!)\" is neither loss nor one of the --metrics.")
    }
  }

  /// The files of `--eval` and their names: `eval` for a single one, else the file's own.
  var evalFiles: [(name: String, file: String)] {
    eval.map { option in
      let parts = option.unicodeScalars.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { return (String(parts[0]), String(parts[1])) }
      let base = Folder.name(of: option)
      return (eval.count == 1 ? "eval" : String(base.prefix { $0 != "." }), option)
    }
  }

  /// The metrics that are reported without `--metrics`.
  private static func defaultMetrics(of kind: ModelSignature.Kind) -> [String] {
    switch kind {
    case .classifier, .pairClassifier, .wordVectors: ["accuracy"]
    case .pairVectors: ["pair_accuracy"]
    case .multiLabelClassifier: ["micro_f_score", "macro_f_score", "subset_accuracy"]
    case .languageModel: ["accuracy", "log_perplexity"]
    case .tagger: ["accuracy"]
    }
  }

  /// The metrics to report of a model.
  /// - Throws: `Failure` for a metric that is for other targets than the model's, or a `--best` that is none of them.
  func metrics(of signature: ModelSignature) throws -> [any Metric] {
    let (kind, metrics) = (signature.targetKind, try namedMetrics(Self.defaultMetrics(of: signature.kind)))
    if let metric = metrics.first(where: { $0.targetKind != kind }) {
      let names = Metrics.names(for: kind).joined(separator: ", ")
      throw Failure(
        "--metrics: \(metric.key) is for \(metric.targetKind.words); for the model's, \(kind.words), there are \(names)"
      )
    }
    guard best == nil || best == "loss" || metrics.contains(where: { $0.key == best }) else {
      let names = metrics.map(\.key).joined(separator: ", ")
      throw Failure("--best: \"\(best!)\" is neither loss nor one of the model's metrics, \(names)")
    }
    return metrics
  }

  /// The metrics of `--metrics`, or of the names that stand for them without it.
  private func namedMetrics(_ defaults: [String]) throws -> [any Metric] {
    try (metrics?.items ?? defaults).map { name in
      guard let metric = Metrics.named(name) else {
        let names = Metrics.all.map(\.key)
        let meant = Spelling.nearest(to: name, among: names).map { "; did you mean \($0)?" }
        throw ValidationError("--metrics: there is no \"\(name)\"\(meant ?? ", but \(names.joined(separator: ", ")).")")
      }
      return metric
    }
  }

  /// What of it a run is told.
  func plan(seed: UInt64, isQuiet: Bool, keepsBest: Bool) -> RunPlan {
    .init(
      steps: steps, epochs: epochs, keepsBest: keepsBest && best != nil, checkpointCount: keep ?? 1,
      precision: precision ?? .single, seed: seed, isQuiet: isQuiet)
  }

  /// The interval that an option gives.
  private static func interval(_ text: String) throws -> Loop.Interval {
    guard let interval = Loop.Interval(text) else {
      throw ValidationError("a number of steps from 1 on, or of epochs, as 1epoch")
    }
    return interval
  }

  /// The option that needs batches which count epochs; nil where there is none.
  var epochsNeededBy: String? {
    if epochs != nil { return "--epochs" }
    let intervals = [
      ("--eval-every", evalEvery), ("--report-every", reportEvery), ("--checkpoint-every", checkpointEvery),
    ]
    return intervals.first { $0.1?.isOfEpochs ?? false }.map { "\($0) \($1!)" }
  }

  var timing: Loop.Timing {
    .init(
      reportEvery: reportEvery ?? 10, evalEvery: evalEvery, checkpointEvery: checkpointEvery, patience: earlyStop)
  }

  var criterion: Loop.Criterion {
    .init(best ?? "loss", isHighest: best.flatMap { Metrics.named($0) }?.isHigherBetter ?? false)
  }
}

extension FilePrecision: ExpressibleByArgument {}

extension TargetKind {
  /// What such targets are, in a message.
  fileprivate var words: String {
    switch self {
    case .classes: "one class a record"
    case .labels: "several labels a record"
    case .duplicates: "rows of duplicates"
    }
  }
}
