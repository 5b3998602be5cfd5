import ArgumentParser
import Batches
import Files
import Filters
import JSONLines
import Text

/// Tokens or characters in, ids out.
@main
struct Tensorize: Program {
  static let configuration = CommandConfiguration(
    commandName: "tensorize",
    abstract: "Add the vocabulary ids of a record's tokens, or of its text's characters.",
    discussion: """
      Reads JSON Lines with a field "tokens" and writes each record with a field "ids" at its end. A token that the \
      vocabulary does not have gets the id of __UNK__. With --inverse it reads "ids" and adds "tokens".

      The tokens must be made with the options of those of the vocabulary, as the record's field "tokenizer" and the \
      vocabulary's "__TOKENIZER__" say; without them they are taken for those of tweet-tokenize without options.

      With --tags it adds the classes of the record's "tags", one for each token, for batch and a model that tags every \
      token; --max-length cuts both lists.

      With --characters it reads "text" and writes the ids of its code points, or without --vocab the bytes of its \
      UTF-8, of which 0 means padding and 1 the end of a line. A line feed in the text is an end, too. With --inverse \
      it reads "ids" and adds "text". With --subwords it takes pieces of words instead, as Tensor2Tensor and Trax do.
      """,
    version: versionAndCommit)

  static let guides = ["vocabularies"]

  static let commonOptions = [
    "--on-error", "--only", "--plain", "--field", "--into", "--vocab", "--characters", "--subwords", "--ngrams",
    "--char-ngrams", "--hash-bits", "--max-length", "--append-end", "--tags", "--inverse",
  ]

  static let example = """
    echo '{"tokens":["hello","world"]}' > tokens.jsonl
    vocab-build tokens.jsonl > vocab.json
    tensorize --vocab vocab.json tokens.jsonl
    echo 'Whan that Aprille' | tensorize --characters --plain --append-end
    """

  @OptionGroup(title: "Input and output") var input: InputOptions
  @OptionGroup(title: "Input and output") var filter: FilterOptions
  @OptionGroup(title: "Input and output") var fields: FieldOptions
  @OptionGroup(title: "Input and output") var text: TextOptions

  @Option(help: ArgumentHelp("The field for the ids; \"ids\" if not given.", valueName: "field"))
  var into: String?

  @Option(help: ArgumentHelp("The vocabulary, as vocab-build writes it.", valueName: "file"), completion: .file())
  var vocab: String?

  @Flag(help: "Take the characters of the text instead of tokens.")
  var characters = false

  @Option(
    help: ArgumentHelp(
      "Take the subwords of the text instead, of a .subword file of Tensor2Tensor or of vocab-build.", valueName: "file"
    ), completion: .file())
  var subwords: String?

  @OptionGroup var textOptions: CharacterOptions

  @OptionGroup var blankLines: BlankLineOptions

  @Option(
    help: ArgumentHelp(
      "Add the ids of runs of up to so many neighbouring tokens, hashed, behind those of the vocabulary.",
      valueName: "n"))
  var ngrams: Int?

  @Option(
    help: ArgumentHelp(
      """
      Add ids for the runs of so many characters inside each token, <token> with its borders, hashed as those of \
      --ngrams; tokens that the vocabulary does not have, too, have some. (fastText's subwords)
      """, valueName: "m-n"))
  var charNgrams: String?

  @Option(
    help: ArgumentHelp(
      "The number of ids of --ngrams, and of --char-ngrams, is 2 to this power; 20 if not given.",
      valueName: "bits"))
  var hashBits: Int?

  @Option(
    help: """
      The most ids of a record, without those of n-grams; what comes after is cut off. N-grams are those of the tokens \
      that stay.
      """)
  var maxLength: Int?

  @Flag(
    help: """
      Put the id of __</e>__ after the last one. It counts towards --max-length and stays. With --inverse, take it away.
      """)
  var appendEnd = false

  @OptionGroup var trust: TrustOptions

  @OptionGroup var tagging: TagOptions

  @Flag(help: "Turn ids into tokens or text.")
  var inverse = false

  func validate() throws {
    guard maxLength ?? 1 >= 1 else { throw ValidationError("--max-length must be 1 or more.") }
    guard vocab != nil || characters || subwords != nil else {
      throw ValidationError("--vocab is needed, unless --characters or --subwords is given.")
    }
    guard 2...8 ~= ngrams ?? 2 else { throw ValidationError("--ngrams must be from 2 to 8.") }
    guard 1...23 ~= hashBits ?? 1 else { throw ValidationError("--hash-bits must be from 1 to 23.") }
    guard !hasNGrams || vocab != nil && !characters && !inverse else {
      throw ValidationError("--ngrams and --char-ngrams go with tokens and --vocab.")
    }
    guard hashBits ?? 1 <= HashedNGrams.mostBits(kinds: ngrams != nil && charNgrams != nil ? 2 : 1) else {
      throw ValidationError("--hash-bits must be at most 22 with both --ngrams and --char-ngrams.")
    }
    guard hasNGrams || hashBits == nil else {
      throw ValidationError("--hash-bits goes with --ngrams and --char-ngrams.")
    }
    do { _ = try charNgrams.map(HashedNGrams.characterLengths) } catch { throw ValidationError("\(error).") }
    guard subwords == nil || !characters && vocab == nil else {
      throw ValidationError("--subwords goes without --characters and --vocab: its file is the vocabulary.")
    }
    try textOptions.check(takesCharacters: characters)
    guard !text.plain || characters || subwords != nil else {
      throw ValidationError("--plain goes with --characters and --subwords.")
    }
    let source = characters || subwords != nil ? text.field : text.givenField ?? "tokens"
    guard into != source else { throw ValidationError("--into \(source) is the field that is read.") }
    if tagging.tags != nil, ["tags", "tag_ids"].contains(into) || source == "tags" {
      throw ValidationError("With --tags, \"tags\" and \"tag_ids\" are taken: --field and --into must be others.")
    }
    guard !trust.trustTokens || !inverse && !characters && subwords == nil else {
      throw ValidationError("--trust-tokens goes with tokens.")
    }
    if tagging.tags != nil, characters || subwords != nil || inverse || hasNGrams || appendEnd {
      throw ValidationError(
        "--tags are those of tokens: no --characters, --subwords, --ngrams, --char-ngrams, --append-end and --inverse.")
    }
    if inverse, into != nil || text.givenField != nil && !characters && subwords == nil {
      throw ValidationError("--inverse reads \"ids\": no --into, and --field only for texts.")
    }
    if inverse, text.plain || textOptions.isGiven || maxLength != nil {
      throw ValidationError("--inverse reads ids as they are: no --plain, --lowercase, --trim and --max-length.")
    }
  }

  func run() throws {
    let file = try vocab.map { name throws(FileError) in try VocabularyFile.read(name) }
    let ofVocabulary = file?.tokenizer ?? TokenizerOptions()
    let options: TokenizerOptions
    do throws(TokenizerOptionsError) {
      options = try ofVocabulary.adding(self.options)
    } catch {
      throw FileError(vocab!, "the vocabulary is one of other ids: \(error)")
    }
    if options.hasWordFeatures, inverse || hasNGrams || appendEnd {
      throw FileError(vocab!, "the vocabulary is one of word features: no --inverse, --ngrams and --append-end")
    }
    let isOfTokens = !characters && subwords == nil
    if ofVocabulary.areCharacters, isOfTokens, !inverse {
      throw FileError(vocab!, "the vocabulary is one of characters: say --characters")
    }
    var worker = EncodingWorker(
      encoding: try encoding(file, options), tokenizer: isOfTokens && !trust.trustTokens ? ofVocabulary : nil,
      lines: TextLines(text, takesText: !isOfTokens, tokensField: text.givenField ?? "tokens"),
      into: into ?? "ids", appendsEnd: appendEnd, isInverse: inverse, tags: try tagging.names(),
      only: fields.only.items)
    try LineFilter(input, filter, blankLines: blankLines.fate(isPlain: text.plain)).run(&worker)
  }

  private var hasNGrams: Bool { ngrams != nil || charNgrams != nil }

  /// How the command line says that texts become ids.
  private var options: TokenizerOptions {
    var options = TokenizerOptions()
    options.areCharacters = characters
    options.subwords = subwords
    (options.lowercases, options.trims) = (textOptions.lowercase, textOptions.trim)
    if hasNGrams {
      options.ngrams = HashedNGrams(
        longest: ngrams ?? 1, characters: charNgrams.flatMap { try? HashedNGrams.characterLengths($0) },
        bits: hashBits ?? HashedNGrams.bitsIfNotGiven)
    }
    (options.maxLength, options.appendsEnd) = (maxLength, appendEnd)
    return options
  }

  /// How texts become ids.
  /// - Parameter options: The options of the command line and of the vocabulary.
  private func encoding(_ file: VocabularyFile?, _ options: TokenizerOptions) throws -> TextEncoding {
    if let subwords { return .subwords(SubwordEncoding(try SubwordFile.read(subwords), options)) }
    let vocabulary = try file.map { file throws(FileError) in try table(of: file, isChecked: !inverse || characters) }
    if characters { return .characters(CharacterEncoding(vocabulary: vocabulary, options)) }
    return .tokens(TokenEncoding(vocabulary!, options))
  }

  /// The vocabulary of a file, which must begin with the special tokens.
  private func table(of file: VocabularyFile, isChecked: Bool) throws(FileError) -> Vocabulary {
    guard let vocabulary = Vocabulary(tokens: file.tokens) else {
      throw FileError(vocab!, "a token stands in the vocabulary twice")
    }
    if isChecked, let (token, id) = vocabulary.missingSpecialToken {
      throw FileError(vocab!, "the vocabulary must begin with \(token) at id \(id)")
    }
    return vocabulary
  }
}
