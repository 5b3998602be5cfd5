import ArgumentParser
import Files
import Filters
import JSONLines
import Text

/// Tokens in, a vocabulary out.
@main
struct VocabBuild: Program {
  static let configuration = CommandConfiguration(
    commandName: "vocab-build",
    abstract: "Build the vocabulary of the tokens in a stream of records.",
    discussion: """
      Reads JSON Lines with a field "tokens" and writes one JSON object of tokens and ids, one entry a line: \
      __PAD__ 0, __</e>__ 1, __UNK__ 2, then the tokens from 3 on. With --characters the tokens are the code points of \
      "text", with --subwords pieces of its words. With --counts it writes a record \
      {"token":…,"count":…} a token instead; files of those, from parts of a large text, become one vocabulary (or \
      one file of counts) with --merge. With --labels it collects the names of labels instead, for batch, train and \
      predict; with --check it looks for what may be wrong with the data. Nothing is written before all input is read: \
      Ctrl-C leaves no half vocabulary.

      Where the tokens were made with other options than the defaults of tweet-tokenize, or the characters with \
      --lowercase and --trim, the first entry of the vocabulary is "__TOKENIZER__" and those options (in counts the \
      field "tokenizer"). Tokens of different options do not go into one vocabulary.

      Tokens in other fields, those of pairs for example, are counted together with --field A,B.

      --min-count 2 leaves the words out that occur once: they are __UNK__, which says nothing to a classifier.
      """,
    version: versionAndCommit)

  static let guides = ["vocabularies"]

  static let commonOptions = [
    "--on-error", "--plain", "--field", "--check", "--characters", "--subwords", "--min-count", "--max-size",
    "--order", "--merge", "--labels", "--label-field",
  ]

  static let example = """
    echo '{"tokens":["hello","world","hello"]}' | vocab-build --order frequency
    """

  @OptionGroup(title: "Input and output") var input: InputOptions
  @OptionGroup(title: "Input and output") var filter: FilterOptions
  @OptionGroup(title: "Input and output") var text: TextOptions

  @Flag(help: "Take the characters of the text for tokens.")
  var characters = false

  @Flag(
    help: """
      Take what a token shows of itself for tokens, for a model that tags: the word in lower case, its first and last \
      letters, its shape, its parts, the letters inside.
      """)
  var wordFeatures = false

  @OptionGroup var textOptions: CharacterOptions

  @Option(
    help: ArgumentHelp(
      "Learn about n subwords from the text, and write them as a .subword file of Tensor2Tensor.", valueName: "n"))
  var subwords: Int?

  @Option(help: "Leave out tokens that occur less often.")
  var minCount = 1

  @Option(help: "The most entries of the vocabulary, special tokens included; the most frequent tokens stay.")
  var maxSize: Int?

  @Option(
    help: """
      Which tokens come first: first-seen, by frequency (of equals the one whose bytes come first) or by token (its \
      bytes); the last two are the same in whatever order the parts of a text come. Labels may come by name, too.
      """)
  var order: EntryOrder = .firstSeen

  @Flag(help: "Write the counts as records instead of a vocabulary.")
  var counts = false

  @Flag(help: "Read records of counts, as --counts writes them, instead of tokens.")
  var merge = false

  @Flag(
    help: """
      With --merge: every file is sorted by token, as --counts --order token writes it. The files are merged as they are \
      read, in the same order, so that memory does not grow with the number of tokens.
      """)
  var sorted = false

  @Flag(
    help: """
      Collect the names of the labels instead of tokens: strings in "label", or lists of them in "labels"; with --field \
      tags those of tags. Writes a JSON list in their order, which is that of the classes.
      """)
  var labels = false

  @OptionGroup var labelOptions: LabelFieldOptions
  @OptionGroup(title: "Check of the data") var checking: CheckOptions

  func validate() throws {
    try checkKind()
    guard minCount >= 1 else { throw ValidationError("--min-count must be 1 or more.") }
    guard maxSize ?? 3 >= 3 else { throw ValidationError("--max-size must be 3 or more: that many are special.") }
    try textOptions.check(takesCharacters: characters)
    guard !labels || !text.plain else { throw ValidationError("--labels reads records: leave out --plain.") }
    guard !labels || text.givenField == nil || labelOptions.labelField == nil else {
      throw ValidationError("With --labels, --field and --label-field are the same: give one of them.")
    }
    guard !text.plain || characters || subwords != nil || checking.check else {
      throw ValidationError("--plain goes with --characters and --subwords.")
    }
    guard text.givenField == nil || !merge else {
      throw ValidationError("--field says where texts or tokens are, which --merge does not read.")
    }
    guard tokenFields.allSatisfy({ !$0.isEmpty }), Set(tokenFields).count == tokenFields.count else {
      throw ValidationError("--field must name fields, each once.")
    }
    try filter.checkWritesNoLines(into: "the vocabulary")
    if let subwords {
      guard subwords >= 1 else { throw ValidationError("--subwords must be 1 or more.") }
      if characters || counts || merge || minCount > 1 || maxSize != nil || order != .firstSeen {
        throw ValidationError("--subwords goes with no other kind of vocabulary, nor with its limits and order.")
      }
    }
    if wordFeatures, characters || subwords != nil || merge {
      throw ValidationError("--word-features are those of tokens: no --characters, --subwords and --merge.")
    }
    if characters, merge { throw ValidationError("--merge reads counts, not characters.") }
    if sorted { try checkSorted() }
    if counts, !sorted, minCount > 1 || maxSize != nil {
      throw ValidationError("--counts writes all tokens; --min-count and --max-size go with the merge.")
    }
  }

  private func checkSorted() throws {
    guard merge else { throw ValidationError("--sorted goes with --merge.") }
    guard order == .firstSeen || order == .token, maxSize == nil else {
      throw ValidationError("--sorted keeps the order of the tokens, and all that --min-count lets through.")
    }
    guard filter.onError == .fail, filter.badLines == nil else {
      throw ValidationError("--sorted needs files of counts that are whole: no --on-error and no --bad-lines.")
    }
  }

  /// The fields of the tokens: those of --field, separated by commas.
  private var tokenFields: [String] {
    CommaList.items(of: text.givenField ?? "tokens")
  }

  /// What is made of the records: a vocabulary, a list of labels, or a check.
  private func checkKind() throws {
    let ofVocabularies: [(String, Bool)] = [
      ("--characters", characters), ("--word-features", wordFeatures), ("--subwords", subwords != nil),
      ("--min-count", minCount > 1),
      ("--max-size", maxSize != nil), ("--counts", counts), ("--merge", merge),
    ]
    let given = ofVocabularies.filter(\.1).map(\.0).joined(separator: ", ")
    if labels || checking.check, !given.isEmpty {
      throw ValidationError("\(labels ? "--labels" : "--check") makes no vocabulary: leave out \(given).")
    }
    guard !labels || !checking.check else { throw ValidationError("Give either --labels or --check.") }
    guard !checking.check || order == .firstSeen else { throw ValidationError("--order does not go with --check.") }
    guard labels || order != .name else { throw ValidationError("--order name goes with --labels.") }
    guard labels || checking.check || labelOptions.labelField == nil else {
      throw ValidationError("--label-field goes with --labels and --check.")
    }
  }

  func run() throws {
    if sorted { return try mergeSorted() }
    if checking.check { return try checking.run(input, filter, text, labelField: labelOptions.labelField) }
    if labels {
      let field = labelOptions.labelField ?? text.givenField
      var worker = LabelWorker(field: field, order: order)
      return try LineFilter(input, filter).run(&worker)
    }
    if let subwords {
      var worker = SubwordWorker(target: subwords, lines: TextLines(text))
      return try LineFilter(input, filter).run(&worker)
    }
    let encoding = characters ? CharacterEncoding(lowercases: textOptions.lowercase, trims: textOptions.trim) : nil
    var worker = CountWorker(
      isMerge: merge, characters: encoding, hasWordFeatures: wordFeatures,
      lines: TextLines(text, takesText: characters),
      fields: tokenFields.map { TextLines(text, takesText: characters, tokensField: $0) }, write: write)
    if textOptions.isGiven {
      var options = TokenizerOptions()
      (options.areCharacters, options.lowercases, options.trims) = (true, textOptions.lowercase, textOptions.trim)
      worker.tokenizer = CommonTokenizer(options)
    }
    try LineFilter(input, filter).run(&worker)
  }

  private func mergeSorted() throws {
    StopSignal.watch()
    try RunSummary.check()
    var output = Output.standard(unbuffered: filter.unbuffered)
    var files = SortedMerge(
      input.files, maxLine: input.maxLine.value, writesCounts: counts, minCount: minCount)
    do { try files.run(to: &output) } catch {
      try output.flush()
      throw error
    }
    try output.close()
    StopSignal.exitIfReceived()
  }

  /// Writes what the tokens, which were made with some options, come to.
  private func write(_ tokens: TokenCounts, _ tokenizer: TokenizerOptions, to output: inout Output) throws {
    guard counts else {
      let vocabulary = tokens.vocabulary(order: order.ofCounts, minimum: minCount, maximumSize: maxSize)
      guard tokenizer.isEmpty || !vocabulary.tokens.contains(VocabularyFile.tokenizerKey) else {
        throw Failure("\"\(VocabularyFile.tokenizerKey)\" is a token, but must be how the tokens were made")
      }
      if vocabulary.count == Vocabulary.specialTokens.count, !input.quiet {
        let reason =
          tokens.count == 0
          ? "there were no tokens"
          : maxSize == 3 ? "--max-size 3 leaves no room" : "no token occurs often enough (--min-count \(minCount))"
        report("\(reason): the vocabulary has only the special entries")
      }
      return VocabularyFile(vocabulary.tokens, tokenizer: tokenizer).write(to: &output.bytes)
    }
    if tokens.count == 0, !input.quiet { report("there were no tokens to count") }
    tokens.visit(order: order.ofCounts) { output.bytes.appendCount($0, $1, tokenizer) }
  }
}
