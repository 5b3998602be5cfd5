import ArgumentParser
import Files
import Filters
import JSONLines
import ModelFilters
import Models
import Neural
import Text

/// Texts in, perplexity out.
@main
struct Perplexity: Program {
  static let configuration = CommandConfiguration(
    commandName: "perplexity",
    abstract: "Measure how well a language model predicts texts.",
    discussion: """
      Reads records with "text" or "ids", or batches, and scores them with --model; or records with "predictions", the \
      log probabilities (natural logarithms) of all ids at every step, and "targets". Writes one record: \
      log_perplexity, the mean of -ln p over all targets; perplexity, e to its power; bits_per_token, the same mean \
      with logarithms to base 2; tokens, the number of targets; total_log_probability, the sum of ln p; unknown, how \
      many targets were characters or tokens that the model does not know; and the same statistics without those. Where \
      the digits of a sum do not suffice, rounded_off holds what is left out, so that --merge gives the record of the \
      whole text, digit for digit.

      --per-record, --per-token and --threshold write every record with its own statistics instead. --per-token adds \
      "token_log_probabilities", ln p of every target: of each id, the end's among them, or of each character of the \
      text as the model reads it (each byte of its UTF-8 if the model has no vocabulary); of a batch a list for every \
      row. Padding has null. --threshold adds "flagged", which is true where the record's perplexity is above it.

      Padding (id 0, or weight 0) is no target. The mean is over all targets alike, not over the means of lines.
      """,
    version: versionAndCommit)

  static let commonOptions = [
    "--on-error", "--only", "--plain", "--field", "--model", "--carry", "--per-record", "--per-token",
    "--threshold", "--merge", "--threads",
  ]

  static let guides = ["language-models"]

  static let example = """
    \(languageModelExample)
    perplexity --model tiny.safetensors --plain lines.txt
    """

  @OptionGroup(title: "Input and output") var input: InputOptions
  @OptionGroup(title: "Input and output") var filter: FilterOptions
  @OptionGroup(title: "Input and output") var fields: FieldOptions
  @OptionGroup(title: "Input and output") var text: TextOptions

  @Option(help: .modelFile, completion: .file())
  var model: String?

  @Flag(help: "Every text goes on where the last one ended, as parts of one running text do.")
  var carry = false

  @OptionGroup var blankLines: BlankLineOptions

  @Flag(help: "Write every record with its statistics (count instead of tokens) instead of the sum.")
  var perRecord = false

  @Flag(help: "Write every record with its statistics and the log probability of every target.")
  var perToken = false

  @Option(
    help: ArgumentHelp(
      "Write every record with its statistics, and flag those whose perplexity is above this.", valueName: "p"))
  var threshold: Double?

  @Flag(help: "With --threshold: write only the records that are flagged.")
  var onlyFlagged = false

  @Flag(help: "Read records that perplexity has written, of parts of a text, and write that of the whole.")
  var merge = false

  @Option(
    help: """
      The precision of the kernels of GRUs and dense layers: float as they were trained, or half or int8, as \
      gru-sample can use them; float if not given.
      """)
  var weights: LanguageModel.Weights?

  @OptionGroup var threading: ThreadOptions

  func validate() throws {
    if merge, model != nil || writesRecords || carry || text.plain || weights != nil {
      throw ValidationError("--merge adds records up; it needs nothing else.")
    }
    guard model != nil || !(carry || weights != nil || text.plain) else {
      throw ValidationError("--carry, --weights and --plain go with --model.")
    }
    try blankLines.check(isPlain: text.plain, writesRecords: writesRecords)
    guard writesRecords || fields.only.items.isEmpty else {
      throw ValidationError("--only goes with --per-record, --per-token and --threshold.")
    }
    try fields.checkOnlyKeeps([("token_log_probabilities", "--per-token", perToken)])
    guard threshold.map({ $0 >= 1 && $0.isFinite }) ?? true else {
      throw ValidationError("--threshold must be 1 or more, as every perplexity is.")
    }
    guard threshold != nil || !onlyFlagged else { throw ValidationError("--only-flagged goes with --threshold.") }
  }

  private var writesRecords: Bool { perRecord || perToken || threshold != nil }

  func run() throws {
    // A record has the same figures whatever records stand beside it.
    try setMatrixThreads(threading.threads, rounding: .ofEachRow)
    keepLargeBuffers()
    let model = try model.map { try Model(contentsOf: $0) }
    let options = try model.map { try TokenizerOptions($0.tokenizer, ofModel: self.model!) }
    let scorer = PerplexityScorer(
      model: try model.map { try LanguageModel($0, file: self.model!, weights: weights ?? .float) },
      encoder: model.flatMap { TextEncoder(of: $0, options!) },
      field: text.field, hasVocabulary: model?.vocabulary != nil, carries: carry, keepsTokens: perToken)
    var worker = Worker(
      scorer: scorer,
      lines: TextLines(text, textAdvice: model == nil ? "--model FILE --plain scores lines of text" : nil),
      isMerge: merge, isPerRecord: writesRecords, isPerToken: perToken,
      threshold: threshold, onlyFlagged: onlyFlagged, only: fields.only.items, maxLine: input.maxLine.value)
    try LineFilter(input, filter, blankLines: blankLines.fate(isPlain: text.plain)).run(&worker)
  }
}

/// Scores records, the texts of a block side by side, and writes the sum at the end.
private struct Worker: LineWorker {
  var scorer: PerplexityScorer
  let lines: TextLines
  let isMerge: Bool
  let isPerRecord: Bool
  let isPerToken: Bool
  let threshold: Double?
  let onlyFlagged: Bool
  let only: [String]
  let maxLine: Int
  var sum = PerplexitySums()
  var fields = NewFields()
  /// The lines of the block that were not looked at, in their order, and what was found for texts of those before, by
  /// where their lines stand.
  var waiting: [Bytes] = []
  var found: [UnsafePointer<UInt8>: Result<PerplexityScorer.Score, RecordError>] = [:]
  /// How many ids are looked for to be scored together, at least.
  static let together = 1 << 16

  mutating func prepare(for block: LineBlock) {
    guard !isMerge else { return }
    found.removeAll(keepingCapacity: true)
    waiting.removeAll(keepingCapacity: true)
    while let line = block.nextLine() {
      if let bytes = line.bytes, bytes.count <= maxLine { waiting.append(bytes) }
    }
    waiting.reverse()
    block.rewind()
  }

  /// Scores the texts of a line and of those behind it side by side.
  private mutating func scoreTexts(from line: Bytes) {
    while let next = waiting.last, next.baseAddress! < line.baseAddress! { waiting.removeLast() }
    guard waiting.last?.baseAddress == line.baseAddress else { return }
    var texts: [(start: UnsafePointer<UInt8>, ids: [Int])] = []
    var count = 0
    while count < Self.together, let next = waiting.popLast() {
      // What is wrong with a line is said when it is processed.
      try? lines.withRecord(of: next) { record in
        guard let ids = scorer.ids(of: record) else { return }
        texts.append((next.baseAddress!, ids))
        count += ids.count + 1
      }
    }
    found.removeAll(keepingCapacity: true)
    for (text, score) in zip(texts, scorer.scores(of: texts.map(\.ids))) { found[text.start] = score }
  }

  private mutating func score(
    _ line: Bytes, _ record: borrowing Record
  ) throws(RecordError) -> PerplexityScorer.Score {
    if let start = line.baseAddress {
      if found[start] == nil { scoreTexts(from: line) }
      if let known = found[start] { return try known.get() }
    }
    return try scorer.score(record)
  }

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    try lines.withRecord(of: line) { record throws(RecordError) in
      guard !isMerge else {
        sum += try PerplexitySums(record)
        return
      }
      let score = try score(line, record)
      sum += score.sums
      guard isPerRecord else { return }
      // The perplexity of no targets is no number, and not above anything.
      let isFlagged = threshold.map { score.sums.perplexity > $0 }
      guard isFlagged != false || !onlyFlagged else { return }
      fields.removeAll()
      fields.add(score.sums.fields(count: "count"))
      if isPerToken { fields.add("token_log_probabilities") { score.tokenLogProbabilities.write(to: &$0) } }
      if let isFlagged { fields.add("flagged") { $0.append(isFlagged ? "true" : "false") } }
      try record.write(adding: fields, only: only, to: &output)
    }
  }

  mutating func finish(into output: inout Output) throws {
    guard !isPerRecord else { return }
    guard sum.tokens > 0 else { throw Failure("there were no targets") }
    fields.removeAll()
    sum.add(to: &fields)
    output.bytes.appendRecord(fields)
  }
}
