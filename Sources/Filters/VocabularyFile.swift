import Files
import JSONLines
import Text

/// A vocabulary on disk: a JSON object of tokens and their ids in the order of the ids, one entry a line.
///
/// Where the tokens were not made with the defaults of `tweet-tokenize`, the first entry says how:
/// `"__TOKENIZER__": "--no-stem"`. It has no id.
public struct VocabularyFile: Sendable {
  /// The tokens in the order of their ids.
  public let tokens: [String]
  /// The options that made them; none where the file says nothing.
  public let tokenizer: TokenizerOptions

  /// The key of the entry that says how the tokens were made.
  public static let tokenizerKey = "__TOKENIZER__"

  /// A vocabulary of tokens that were made with these options.
  public init(_ tokens: [String], tokenizer: TokenizerOptions = TokenizerOptions()) {
    self.tokens = tokens
    self.tokenizer = tokenizer
  }

  /// Reads a vocabulary.
  /// - Throws: `FileError` when the file can't be read, is no such object, or its ids are not 0, 1, 2, ….
  public static func read(_ file: String) throws(FileError) -> VocabularyFile {
    let bytes = try WholeFile.readText(file)
    do throws(RecordError) {
      return try bytes.withUnsafeBufferPointer { text throws(RecordError) in try VocabularyFile(text) }
    } catch {
      throw FileError(file, error.description)
    }
  }

  /// The vocabulary of a JSON text.
  public init(_ text: Bytes) throws(RecordError) {
    let document: JSONDocument
    do throws(RecordError) {
      document = try JSONDocument(text)
    } catch {
      throw RecordError("no vocabulary as vocab-build writes one: \(error)")
    }
    guard let members = document.root.members, !members.isEmpty else {
      throw RecordError("no vocabulary as vocab-build writes one, a JSON object of tokens and ids")
    }
    // A token of the same name has an id.
    let options = document.root[Self.tokenizerKey]?.string
    do throws(TokenizerOptionsError) {
      tokenizer = try TokenizerOptions(options)
    } catch {
      throw RecordError("\(Self.tokenizerKey): \(error)")
    }
    let entries = options == nil ? members : members.filter { $0.key != Self.tokenizerKey }
    var tokens = [String?](repeating: nil, count: entries.count)
    for (token, value) in entries {
      guard let id = value.integer, tokens.indices.contains(id), tokens[id] == nil else {
        throw RecordError("the ids must be 0 to \(entries.count - 1), each once, but \"\(token)\" has another")
      }
      tokens[id] = token
    }
    self.tokens = tokens.map { $0! }
  }

  /// Appends the vocabulary as JSON text.
  public func write(to output: inout [UInt8]) {
    var writer = VocabularyWriter(tokenizer: tokenizer, to: &output)
    for var token in tokens { token.withUTF8 { writer.add($0, to: &output) } }
    writer.finish(to: &output)
  }
}
