import JSONLines
import Text

/// Reads from records how their tokens were made: the field "tokenizer", which `tweet-tokenize` adds where its options
/// are not its defaults. For one thread.
public struct RecordTokenizer: Sendable {
  /// The name of the field.
  public static let field = "tokenizer"
  private var text: [UInt8] = [], options = TokenizerOptions()

  /// A reader of fields, which remembers the last one.
  public init() {}

  /// The options that a record's field holds; nil without the field.
  /// - Throws: `RecordError` for a field that holds something else.
  public mutating func options(of record: borrowing Record) throws(RecordError) -> TokenizerOptions? {
    guard record.has(Self.field) else { return nil }
    let text = try record.text(Self.field)
    if !text.elementsEqual(self.text) {
      do throws(TokenizerOptionsError) {
        options = try TokenizerOptions(String(decoding: text, as: UTF8.self)).ofVocabulary
      } catch {
        throw RecordError("field \"\(Self.field)\": \(error)")
      }
      self.text = Array(text)
    }
    return options
  }
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
