import ArgumentParser
import Files
import Filters
import JSONLines
import Text

/// Tweets in, tweets with tokens out.
@main
struct TweetTokenize: Program {
  static let configuration = CommandConfiguration(
    commandName: "tweet-tokenize",
    abstract: "Add the tokens of a tweet to its record.",
    discussion: """
      Reads JSON Lines with a field "text" and writes each record with a field "tokens" at its end. The tokens are \
      those of process_tweet, the function of the Trax sentiment course, with NLTK 3.5 (or another that --nltk names): stock tickers, \
      the mark RT, \
      links and the sign # are removed, the rest is cut up by NLTK's TweetTokenizer without handles and capitals, \
      stop words and punctuation are dropped, and words are cut down to their Porter stems.

      With other options than the defaults, and with --into always, records get a field "tokenizer", too, that says \
      which: vocab-build, tensorize, train and predict take them from there, so that nobody types them twice.

      A blank line between records is passed over; with --plain every line is a text, a blank one too, and has its \
      record in the output.
      """,
    version: versionAndCommit)

  static let guides = ["tokenizing"]

  static let commonOptions = [
    "--on-error", "--bad-lines", "--only", "--plain", "--field", "--into", "--offsets", "--nltk", "--links",
    "--handles", "--keep-stop-words", "--keep-punctuation", "--no-stem", "--raw", "--threads",
  ]

  static let example = """
    echo '{"id":7,"text":"@anna Loving the new timetable :) http://t.co/x"}' | tweet-tokenize
    """

  @OptionGroup(title: "Input and output") var input: InputOptions
  @OptionGroup(title: "Input and output") var filter: FilterOptions
  @OptionGroup(title: "Input and output") var fields: FieldOptions

  @OptionGroup(title: "Input and output") var text: TextOptions

  @OptionGroup(title: "Input and output") var blankLines: BlankLineOptions

  @Option(
    help: ArgumentHelp(
      """
      The field for the tokens; "tokens" if not given. All tokens of a record must be made with one set of options, \
      that of "tokenizer"; "tokens" without it count as made with the defaults.
      """, valueName: "field"))
  var into: String?

  @Option(
    help: ArgumentHelp(
      """
      With --plain: words that begin so are labels, as in fastText's lines "__label__x text". One becomes the field \
      "label", several the list "labels"; a line without any is a bad line, and a blank one is passed over.
      """, valueName: "prefix"))
  var labelPrefix: String?

  @Option(
    defaultAsFlag: OffsetUnit.scalars,
    help: ArgumentHelp(
      """
      Add where in the text each token came from, "offsets": [start, end] of each, through entities, removed links and \
      handles, small letters and shortened runs; counted in scalars (as Python counts) if no unit is named, in utf16 (as \
      JavaScript and Java count) or in bytes (of UTF-8).
      """, valueName: "unit"))
  var offsets: OffsetUnit?

  @Option(
    help: """
      The release of NLTK whose tokens, stems and stop words are made: 3.5 (of 2020, as in the course) or 3.10 (of 2026, \
      with emoji of several characters and flags as one token); 3.5 if not given.
      """)
  var nltk: NLTKRelease?

  @Option(
    help: ArgumentHelp(
      """
      Drop NLTK's English stop words of another year than the release's, 2020 (179 words) or 2025 (198, with i'm, he'll \
      and the like); or those of a file with a word a line, small letters, or of a list with commas, which every record \
      then names in "tokenizer".
      """, valueName: "year|file|words"), completion: .file())
  var stopWords: String?

  @Flag(help: "Cut phone numbers up like other text (match_phone_numbers=False of NLTK).")
  var keepPhoneNumbers = false

  @Option(
    help: """
      What becomes of a link and what it takes with it: url (up to white space), line (the rest of the line), keep (nothing); or replace: a link \
      becomes one token, HTTPURL, as BERTweet has it. url if not given.
      """)
  var links: Links?

  @Flag(help: "Keep capitals. Tokens that hold an emoticon keep them anyway.")
  var keepCase = false

  @Option(
    help: """
      What becomes of @handles: drop, keep (the same as --keep-handles) or replace: a handle becomes the token @USER, as \
      BERTweet has it; drop if not given.
      """)
  var handles: Handles?

  @Option(
    help: ArgumentHelp(
      "The tokens for handles and links that are replaced; @user,http as TweetEval has them; @USER,HTTPURL if not given.",
      valueName: "handle,link"))
  var replaceWith: Replacements?

  @Flag(help: "Keep @handles.")
  var keepHandles = false

  @Flag(help: "Keep runs of more than three equal letters.")
  var keepLengthening = false

  @Flag(help: "Keep stop words.")
  var keepStopWords = false

  @Flag(help: "Keep punctuation.")
  var keepPunctuation = false

  @Flag(help: "Keep words as they are instead of their stems.")
  var noStem = false

  @Flag(
    help: """
      NLTK's TweetTokenizer alone: nothing is removed before, nothing dropped or stemmed after. The flags \
      --keep-case, --keep-handles and --keep-lengthening are its three options; with all three it is \
      TweetTokenizer().
      """)
  var raw = false

  @OptionGroup var threading: ThreadOptions

  func validate() throws {
    let conflict = TweetTokenizer.Options.conflict(
      hasStopWords: stopWords != nil, handles: handles, links: links, replaceWith: replaceWith, raw: raw,
      keepHandles: keepHandles, keepStopWords: keepStopWords)
    if let conflict { throw ValidationError("\(conflict).") }
    guard into != text.field, into != RecordTokenizer.field else {
      throw ValidationError("--into \(into!) is where something else is.")
    }
    guard offsets == nil || into != Self.offsetsField && text.field != Self.offsetsField else {
      throw ValidationError("The field \"\(Self.offsetsField)\" is where --offsets puts places.")
    }
    guard let labelPrefix else { return }
    guard text.plain else { throw ValidationError("--label-prefix goes with --plain: records have fields for labels.") }
    guard !labelPrefix.isEmpty, !labelPrefix.contains(where: \.isWhitespace) else {
      throw ValidationError("--label-prefix must be the beginning of a word.")
    }
    guard text.field != "label", text.field != "labels" else {
      throw ValidationError("--field \(text.field) is where --label-prefix puts labels.")
    }
    if blankLines.keepBlankLines { throw ValidationError("--keep-blank-lines does not go with --label-prefix.") }
  }

  /// The field for the places of tokens.
  static let offsetsField = "offsets"

  func run() throws {
    let options = TweetTokenizer.Options(
      release: nltk, stopWords: try stopWords.map(Self.stopWords), keepPhoneNumbers: keepPhoneNumbers, handles: handles,
      links: links,
      replaceWith: replaceWith, raw: raw, keepCase: keepCase, keepHandles: keepHandles,
      keepLengthening: keepLengthening, keepStopWords: keepStopWords, keepPunctuation: keepPunctuation, noStem: noStem)
    let blankLines = blankLines.fate(isPlain: text.plain, areTexts: labelPrefix == nil)
    try LineFilter(input, filter, blankLines: blankLines).run(threads: threading.threads) {
      [text, labelPrefix, into, offsets, only = fields.only.items] in
      Worker(options, into: into, offsets: offsets, lines: TextLines(text, labelPrefix: labelPrefix), only: only)
    }
  }
}

extension TweetTokenize {
  /// The stop words of a year, a list or a file.
  /// - Throws: `FileError` for a file that can't be read or has no words, or such as are none; `Failure` for such a list.
  private static func stopWords(_ option: String) throws -> StopWords {
    if let known = StopWords(option) { return known }
    guard !option.utf8.contains(UInt8(ascii: ",")) else {
      throw Failure("--stop-words: \"\(option)\" is no list of words without white space")
    }
    let text: [UInt8]
    do { text = try WholeFile.readText(option) } catch {
      throw FileError("\(error)", "--stop-words takes 2020, 2025, words separated by commas, or a file of them")
    }
    let lines = text.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    let words = lines.filter { !$0.allSatisfy { $0 == UInt8(ascii: " ") } }
      .map { String(validating: $0, as: UTF8.self) }
    guard let words = StopWords(words: words.map { $0 ?? "" }) else {
      throw FileError(option, "no list of stop words, one a line, in UTF-8 and without white space and commas")
    }
    return words
  }
}

extension NLTKRelease: ExpressibleByArgument {}
extension OffsetUnit: ExpressibleByArgument {}
extension Handles: ExpressibleByArgument {}
extension Links: ExpressibleByArgument {}
extension Replacements: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// Tokenizes one line after the other.
private struct Worker: LineWorker {
  var tokenizer: TweetTokenizer
  /// The value of "tokenizer"; it is written where it is not that of the defaults, takes the place of another, or the
  /// next run is to know how the tokens of a field other than "tokens" were made.
  let options: String
  let areDefaults: Bool
  /// The value with the defaults.
  static let defaults = options(.init())
  /// The field for the tokens, if it is named.
  let into: String?
  /// What the places of tokens are counted in; nil where they are not asked for.
  let unit: OffsetUnit?
  let lines: TextLines
  let only: [String]
  var fields = NewFields(adders: [TweetTokenize.offsetsField: "--offsets"])
  var tokens = JSONStringList()
  var offsets: [UInt8] = []

  init(_ options: TweetTokenizer.Options, into: String?, offsets unit: OffsetUnit?, lines: TextLines, only: [String]) {
    tokenizer = TweetTokenizer(options)
    self.options = Self.options(options)
    areDefaults = options == .init()
    (self.into, self.unit, self.lines, self.only) = (into, unit, lines, only)
  }

  private static func options(_ tweets: TweetTokenizer.Options) -> String {
    var all = TokenizerOptions()
    all.tweets = tweets
    return "\(all)"
  }

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    try lines.withRecord(of: line) { record throws(RecordError) in try tokenize(record, into: &output) }
  }

  private mutating func tokenize(_ record: borrowing Record, into output: inout [UInt8]) throws(RecordError) {
    let text = try lines.text(of: record)
    let isKnown = record.has(RecordTokenizer.field)
    try checkOthers(of: record, isKnown)
    fields.removeAll()
    tokens.removeAll()
    if let unit {
      offsets.removeAll(keepingCapacity: true)
      offsets.append(UInt8(ascii: "["))
      tokenizer.forEachToken(in: text, offsets: unit) { token, range in
        tokens.append(token)
        // A comma goes in front of all but the first.
        if offsets.count > 1 { offsets.append(UInt8(ascii: ",")) }
        offsets.appendJSON(range)
      }
      offsets.append(UInt8(ascii: "]"))
    } else {
      tokenizer.forEachToken(in: text) { tokens.append($0) }
    }
    fields.add(into ?? "tokens") { tokens.append(to: &$0) }
    if unit != nil { fields.add(TweetTokenize.offsetsField) { $0.append(contentsOf: offsets) } }
    if into != nil || !areDefaults || isKnown { fields.add(RecordTokenizer.field, options) }
    try record.write(adding: fields, only: only, to: &output)
  }

  /// Other fields of the record may hold tokens, too, and are told of by the same field. What is made anew is "tokens"
  /// without --into, as far as a record can tell.
  /// - Throws: `RecordError` where they were made with other options.
  private func checkOthers(of record: borrowing Record, _ isKnown: Bool) throws(RecordError) {
    guard record.has("tokens") ? into.map { isKnown || $0 != "tokens" } ?? false : isKnown else { return }
    let known = isKnown ? Array(try record.text(RecordTokenizer.field)) : Array(Self.defaults.utf8)
    guard !known.elementsEqual(options.utf8) else { return }
    throw RecordError(
      "field \"\(RecordTokenizer.field)\" \(isKnown ? "says that" : "is missing, as with the defaults:") the tokens of "
        + "another field were made with other options, which one record can't tell apart")
  }
}
