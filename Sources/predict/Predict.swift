import ArgumentParser
import Batches
import Files
import Filters
import JSONLines
import ModelFilters
import Models
import Neural
import Reports
import Text

/// Records with tokens in, records with predictions out.
@main
struct Predict: Program {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Add a trained model's prediction to each record.",
    discussion: """
      Reads JSON Lines with "text", "tokens" or "ids" and writes each record with "log_probabilities", "prediction" \
      (the most probable class), if the classes have names "label_name", and "probability" at its end. Every record is \
      predicted by itself, without padding. With --threshold, "prediction" and "label_name" are null where no class is \
      probable enough; "probability" is that of the most probable class also then.

      A text becomes ids by the options that the model holds (train --vocab and --tokenizer), as tweet-tokenize and \
      tensorize would make them; by the defaults of tweet-tokenize if it has a vocabulary and no options. "tokens" are \
      taken before "ids", "ids" before the text. Tokens that were made with other options than the model's, as far as \
      that is known by "tokenizer" or by a text beside them, are an error.

      --explain adds "explanation": "log_odds", the log probability of the most probable class less the mean of those \
      of the others; "for" and "against", the tokens (n-grams, characters, or ids without names) that add most to it \
      and take most from it, with how much in nats, all places of a token together; and "method". For layers Embedding \
      Mean Dense LogSoftmax that is "mean": "bias", "for", "against" and "others", the tokens not listed, add up to \
      "log_odds". For any other model it is "leave-one-out": the log odds less those of the text without the token.

      A model that gives several labels a record (train --loss binary-cross-entropy) adds "probabilities", that of every \
      class by itself; "prediction", the list of the classes whose probability is --threshold or more (0.5 if not \
      given), perhaps an empty one; and "label_name", the list of their names. --explain adds a list of explanations, \
      one for each class predicted, or for the most probable where none is; "log_odds" is log p / (1 - p) of the class.

      A model that tags tokens (train --labels, for layers that give classes at every step) adds "tags", one for each \
      token, and "entities", a list of type, start, end (tokens, the one behind the last), text and probability; to a \
      record of nothing but a text "tokens", too. BIO tags are decoded so that I-x follows B-x and I-x only. Tags that \
      the record has already are taken for the true ones: they stay as "gold_tags", with which --report compares. \
      --threshold takes entities that are less probable for O.

      A model of pairs (Siamese[…]) takes two texts, in the fields of --pair or those that the model knows: each a text, \
      a list of tokens or a list of ids. It adds "similarity", the cosine of their vectors; if it was trained on labels \
      "log_probabilities" and "probability", that they are duplicates; and "prediction", 1 where that probability (else \
      the similarity) is the threshold or more: --threshold, else the model's, else 0.5 (of similarities 0.7).

      Without --model, --report is of records that hold predictions already: "log_probabilities" (and "prediction"), \
      or "prediction" and its "probability"; with --tags, "tags" and "gold_tags". They are written as they are.

      SIGHUP makes it read the model again: the next record is predicted by what is in the file then. A file that is no \
      such model changes nothing. (With --nearest it ends the program.)
      """,
    version: versionAndCommit)

  static let guides = ["predicting", "pairs", "tagging"]

  static let commonOptions = [
    "--on-error", "--only", "--plain", "--field", "--model", "--labels", "--pair", "--tags", "--top",
    "--explain", "--threshold", "--report", "--report-file", "--no-records", "--label-field",
    "--threads",
  ]

  static let example = """
    printf '%s\\n' '{"ids":[3,4],"label":1}' '{"ids":[5],"label":0}' > examples.jsonl
    batch --batch-size 2 --repeat examples.jsonl |
      train --layers 'Embedding(6, 8) Mean Dense(2) LogSoftmax' --steps 50 --seed 1 --model small.safetensors
    predict --model small.safetensors --report examples.jsonl
    """

  @OptionGroup(title: "Input and output") var input: InputOptions
  @OptionGroup(title: "Input and output") var filter: FilterOptions
  @OptionGroup(title: "Input and output") var fields: FieldOptions
  @OptionGroup(title: "Input and output") var text: TextOptions
  @OptionGroup(title: "Input and output") var blankLines: BlankLineOptions

  @Option(help: .modelFile, completion: .file())
  var model: String?

  @OptionGroup(title: "Predictions that records hold, without --model") var names: LabelOptions

  @Flag(
    help: """
      Without --model: the records hold predictions of several labels, a list in "prediction" and "probabilities" of \
      all classes, or one of the two.
      """)
  var severalLabels = false

  @OptionGroup var tagging: TaggingOptions

  @Option(
    help: ArgumentHelp(
      "Add \"top\", the n most probable classes, each with prediction, label_name and probability.", valueName: "n"))
  var top: Int?

  @Option(
    help: ArgumentHelp(
      "Add \"explanation\", the n tokens that speak most for the prediction and the n that speak most against it.",
      valueName: "n"))
  var explain: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Predict nothing where the best class is less probable than this. Of several labels a record: predict the classes \
      that are at least so probable, or CLASS=P,… with a threshold for each class by name or number; 0.5 for the others. \
      Of pairs by their similarity: from -1 on.
      """, valueName: "p"))
  var threshold: String?

  @OptionGroup var trust: TrustOptions

  @OptionGroup(title: "Pairs") var pairs: PairOptions

  @OptionGroup(title: "Reports") var reporting: ReportOptions

  @OptionGroup(title: "Reports") var labelOptions: LabelFieldOptions

  @OptionGroup var threading: ThreadOptions

  func validate() throws {
    guard labelOptions.labelField == nil || reporting.isWanted else {
      throw ValidationError("--label-field goes with --report and --report-file: nothing else reads labels.")
    }
    guard top ?? 1 >= 1 else { throw ValidationError("--top must be 1 or more.") }
    guard Tagger.biases.contains(tagging.entityBias ?? 0) else {
      throw ValidationError("--entity-bias must be from -100 to 100.")
    }
    guard explain ?? 1 >= 1 else { throw ValidationError("--explain must be 1 or more.") }
    // Whether it is one of similarities, the model tells.
    guard threshold?.contains("=") ?? true || PairReport.thresholds ~= probability ?? -2 else {
      throw ValidationError("--threshold must be from 0 to 1, or from -1 of similarities.")
    }
    if reporting.mergeReports {
      guard !input.files.isEmpty else { throw ValidationError("--merge-reports needs the files of the reports.") }
      try refuse(
        "--merge-reports",
        [
          ("--model", model != nil), ("--labels", names.labels != nil), ("--several-labels", severalLabels),
          ("--label-field", labelOptions.labelField != nil), ("--field", text.givenField != nil),
          ("--tags", tagging.tags),
        ] + onPredictions)
      try refuse(
        "--merge-reports",
        [
          ("--only", !fields.only.items.isEmpty), ("--no-records", reporting.noRecords),
          ("--on-error", filter.onError != .fail), ("--unbuffered", filter.unbuffered),
          ("--max-line", input.givenMaxLine != nil), ("--keep-blank-lines", blankLines.keepBlankLines),
        ])
    } else if tagging.tags {
      try checkRecordedTags()
    } else if model == nil {
      guard reporting.isWanted else {
        throw ValidationError(
          "Give --model; or --report or --report-file, with --labels, for records that hold predictions already.")
      }
      guard names.labels != nil else {
        throw ValidationError("Without --model, the records hold the predictions, and --labels must name the classes.")
      }
      if let (name, _) = onPredictions.first(where: \.1) {
        throw ValidationError("\(name) needs --model: records that hold predictions are not predicted again.")
      }
    } else if names.labels != nil {
      throw ValidationError("--labels goes without --model, which holds the names of its classes.")
    } else if severalLabels {
      throw ValidationError("--several-labels goes without --model, which knows whether it gives several labels.")
    }
    try blankLines.check(isPlain: text.plain, writesRecords: !reporting.noRecords)
    if reporting.noRecords {
      try refuse(
        "--no-records", [("--only", !fields.only.items.isEmpty), ("--explain", explain != nil), ("--top", top != nil)])
    }
    try fields.checkOnlyKeeps([("explanation", "--explain", explain != nil), ("top", "--top", top != nil)])
  }

  /// The threshold, where it is one for all classes.
  var probability: Double? { threshold.flatMap { Double($0) } }

  /// The options that say what to predict.
  var onPredictions: [(name: String, isGiven: Bool)] {
    [
      ("--top", top != nil), ("--explain", explain != nil), ("--threshold", threshold != nil), ("--plain", text.plain),
      ("--trust-tokens", trust.trustTokens), ("--log-probabilities", tagging.logProbabilities),
      ("--entity-bias", tagging.entityBias != nil),
    ] + pairs.given
  }

  func refuse(_ option: String, _ others: [(name: String, isGiven: Bool)]) throws {
    if let (name, _) = others.first(where: \.isGiven) {
      throw ValidationError("\(name) does not go with \(option).")
    }
  }

  func run() throws {
    let inputs = (input.files.isEmpty ? ["-"] : input.files).map { (name: "the input", file: $0) }
    let read = [("--model", model), ("--labels", names.file)].compactMap { option, file in file.map { (option, $0) } }
    let output = try reporting.output(inputs: read + inputs)
    if reporting.mergeReports {
      return try reporting.write(MergedReports.sum(inputs.map(\.file), reporting), to: output)
    }
    let report: (any Report)? =
      if let model {
        try predict(with: model)
      } else if tagging.tags {
        try countTags()
      } else {
        try count()
      }
    if let report { try reporting.write(report, to: output) }
  }

  /// Adds predictions to the records, and gives the report if there is to be one.
  private func predict(with model: String) throws -> (any Report)? {
    try setMatrixThreads(1)
    // Before the model is read, so that one that comes meanwhile is not missed.
    if pairs.nearest == nil { ReloadSignal.watch() }
    let contents = try Model(contentsOf: model)
    let signature = try contents.signature(file: model)
    guard tagging.entityBias == nil || signature.kind == .tagger else {
      throw Failure("--entity-bias: \(model) tags no entities")
    }
    guard signature.kind == .pairVectors || probability ?? 0 >= 0 else {
      throw ValidationError("--threshold must be from 0 to 1: \(model) gives probabilities.")
    }
    if signature.isOfPairs { return try predictPairs(PairModel(contents, file: model)) }
    try pairs.checkUnused(model)
    if signature.kind == .tagger {
      return try predictTags(with: Tagger(contents, entityBias: tagging.entityBias, file: model))
    }
    guard !tagging.logProbabilities else {
      throw Failure("--log-probabilities: \(model) gives one class a record, which has them always")
    }
    let classifier = try Classifier(contents, file: model)
    try prepare(for: classifier)
    return classifier.givesSeveralLabels
      ? try predictLabels(with: classifier) : try predictClasses(with: classifier)
  }
}
