import Files
import Filters
import JSONLines
import Text

/// How the tokens of all records were made, which must be in one way.
struct CommonTokenizer {
  private(set) var options: TokenizerOptions?
  private var reader = RecordTokenizer()

  init(_ options: TokenizerOptions? = nil) { self.options = options }

  /// - Throws: `RecordError` for tokens that were made with other options than those before.
  mutating func check(_ record: borrowing Record) throws(RecordError) {
    if try reader.isKnown(record) { return }
    let options = reader.options ?? TokenizerOptions()
    let first = self.options ?? options
    guard options.hasWordFeatures == first.hasWordFeatures else {
      throw RecordError("counts of word features and of words, as of the lines before, can't make one vocabulary")
    }
    guard options.hasTokens(of: first) else {
      throw RecordError(
        "the tokens were made \(options.makers), those of the lines before \(first.makers), and one vocabulary can't "
          + "have both")
    }
    self.options = first
    reader.passed()
  }

  /// What a vocabulary says of them: nothing of the defaults, which are what it is taken for.
  var ofVocabulary: TokenizerOptions {
    var options = options ?? TokenizerOptions()
    let hasWordFeatures = options.hasWordFeatures
    if options.hasTokens(of: TokenizerOptions()) { options = TokenizerOptions() }
    options.hasWordFeatures = hasWordFeatures
    return options
  }
}

extension Record {
  /// The count of a record of counts.
  /// - Throws: `RecordError` when it has none that is 0 or more.
  func count() throws(RecordError) -> Int {
    guard has("count") else {
      throw RecordError("field \"count\" is missing (vocab-build --counts writes such records)")
    }
    let count = try integer("count")
    guard count >= 0 else { throw RecordError("field \"count\" is negative") }
    return count
  }
}

extension [UInt8] {
  /// Appends a record of a count.
  mutating func appendCount(_ token: Bytes, _ count: Int, _ tokenizer: TokenizerOptions) {
    appendRecord { record in
      record.add("token") { $0.appendJSON(token) }
      record.add("count", count)
      if !tokenizer.isEmpty { record.add(RecordTokenizer.field, "\(tokenizer)") }
    }
  }
}
