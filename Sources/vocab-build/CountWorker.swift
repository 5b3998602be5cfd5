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
  /// How the tokens were made.
  var tokenizer = CommonTokenizer()

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
    try tokenizer.check(record)
    if isMerge {
      let count = try record.count()
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

  func finish(into output: inout Output) throws {
    var options = tokenizer.ofVocabulary
    if hasWordFeatures { options.hasWordFeatures = true }
    try write(tokens, options, &output)
  }
}
