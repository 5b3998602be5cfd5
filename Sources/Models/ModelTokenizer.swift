import Files
import Neural
import Text

extension TokenizerOptions {
  /// The options that a model's file holds.
  /// - Throws: `FileError` naming the file for what is no such options.
  public init(_ text: String?, ofModel file: String) throws(FileError) {
    do throws(TokenizerOptionsError) {
      try self.init(text)
    } catch {
      throw FileError(file, "its tokenizer: \(error)")
    }
  }
}

extension TextEncoder {
  /// Makes ids of texts for a language model: characters, or bytes, where nothing else is said, else what its options
  /// say. Nil where its ids are none of these, or the file does not hold what they stand for.
  /// - Parameter options: The model's options.
  public init?(of model: Model, _ options: TokenizerOptions) {
    guard let ids = model.layers.idCount else { return nil }
    if let characters = CharacterEncoding(vocabulary: model.vocabulary, ids: ids, options) {
      self.init(.characters(characters), options)
    } else if options.unit != nil, let encoding = TextEncoding(vocabulary: model.vocabulary, ids: ids, options) {
      self.init(encoding, options)
    } else {
      return nil
    }
  }
}
