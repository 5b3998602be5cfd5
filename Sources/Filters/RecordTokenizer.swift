import JSONLines
import Text

/// Reads from records how their tokens were made: the field "tokenizer", which `tweet-tokenize` adds where its options
/// are not its defaults. Most records say what the one before has said, so it remembers whether that passed a check.
/// For one thread.
public struct RecordTokenizer: Sendable {
  /// The name of the field.
  public static let field = "tokenizer"
  /// The options that the field of the last record held; nil without the field.
  public private(set) var options: TokenizerOptions?
  private var text: [UInt8]?, hasPassed = false

  /// A reader of fields, which remembers the last one.
  public init() {}

  /// Reads the field of a record; gives whether a record with the same field, or like this one with none, has `passed`.
  /// - Throws: `RecordError` for a field that holds something else than options.
  public mutating func isKnown(_ record: borrowing Record) throws(RecordError) -> Bool {
    guard record.has(Self.field) else {
      if text != nil { self = Self() }
      return hasPassed
    }
    let text = try record.text(Self.field)
    if let last = self.text, text.elementsEqual(last) { return hasPassed }
    self = Self()
    do throws(TokenizerOptionsError) {
      options = try TokenizerOptions(String(decoding: text, as: UTF8.self)).ofVocabulary
    } catch {
      throw RecordError("field \"\(Self.field)\": \(error)")
    }
    self.text = Array(text)
    return false
  }

  /// Says that the options read last are fine, and need no other check.
  public mutating func passed() { hasPassed = true }
}

extension TokenizerOptions {
  /// Whether both make the same tokens of a text.
  public func hasTokens(of other: TokenizerOptions) -> Bool {
    areCharacters == other.areCharacters && lowercases == other.lowercases && trims == other.trims
      && tweets ?? .init() == other.tweets ?? .init()
  }

  /// The words of a message about tokens that were made with these options.
  public var makers: String { "by \"\(ofVocabulary.command)\"" }
}
