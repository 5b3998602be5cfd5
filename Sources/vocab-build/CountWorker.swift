import Files
import Filters
import JSONLines
import Text

/// Counts the tokens of one line after the other and writes what they come to at the end.
struct CountWorker: LineWorker {
  let isMerge: Bool
  let characters: CharacterEncoding?
  let hasWordFeatures: Bool
  let lines: TextLines
  /// The same for each field of tokens.
  let fields: [TextLines]
  let write: (TokenCounts, TokenizerOptions, inout Output) throws -> Void
  var tokens = TokenCounts()
  /// How the tokens were made, when that is known.
  var tokenizer: TokenizerOptions?
  var recordTokenizer = RecordTokenizer()

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    try lines.withRecord(of: line) { record throws(RecordError) in try count(record) }
  }

  private mutating func count(_ record: borrowing Record) throws(RecordError) {
    if let characters {
      characters.forEachCharacter(of: try lines.text(of: record)) { character in
        if let character { tokens.add(character) }
      }
      return
    }
    try checkTokenizer(of: record)
    if isMerge {
      let count = try record.integer("count")
      guard count >= 0 else { throw RecordError("field \"count\" is negative") }
      guard tokens.add(try record.text("token"), times: count) else {
        throw RecordError("field \"count\": the counts of the token add up to more than \(TokenCounts.largest)")
      }
    } else {
      for field in fields {
        for token in try field.tokens(of: record) { count(token) }
      }
    }
  }

  private mutating func count(_ token: Bytes) {
    guard hasWordFeatures else { return tokens.add(token) }
    for var name in WordFeatures.names(of: token) { name.withUTF8 { tokens.add($0) } }
  }

  /// - Throws: `RecordError` for tokens that were made with other options than those before.
  private mutating func checkTokenizer(of record: borrowing Record) throws(RecordError) {
    let options = try recordTokenizer.options(of: record) ?? TokenizerOptions()
    guard let tokenizer else {
      tokenizer = options
      return
    }
    guard options.hasWordFeatures == tokenizer.hasWordFeatures else {
      throw RecordError("counts of word features and of words, as of the lines before, can't make one vocabulary")
    }
    guard options.hasTokens(of: tokenizer) else {
      throw RecordError(
        "the tokens were made \(options.makers), those of the lines before \(tokenizer.makers), and one vocabulary can't "
          + "have both")
    }
  }

  func finish(into output: inout Output) throws {
    var options = tokenizer ?? TokenizerOptions()
    let features = hasWordFeatures || options.hasWordFeatures
    // The defaults are what a vocabulary is taken for that says nothing.
    if options.hasTokens(of: TokenizerOptions()) { options = TokenizerOptions() }
    options.hasWordFeatures = features
    try write(tokens, options, &output)
  }
}
