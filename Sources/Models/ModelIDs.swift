import Files
import Text

/// How texts become the ids of a model, and what its ids stand for.
public struct ModelIDs: Sendable {
  /// What the model takes and gives.
  public let signature: ModelSignature
  /// The options with which the model's ids were made.
  public let options: TokenizerOptions
  /// How tokens become ids, if the model has a vocabulary and works on tokens.
  public let tokens: TokenEncoding?
  /// How texts become ids, if the model holds all that it takes.
  public let encoding: TextEncoding?
  /// A special token that the model's vocabulary lacks: what it does not know has no id then.
  public let missingToken: String?
  /// The tokens or characters in the order of their ids, if the model has them.
  let vocabulary: [String]?

  /// The ids of a model whose signature this is.
  /// - Throws: `FileError` when its vocabulary does not fit its layers, or its tokenizer is none.
  init(_ model: Model, _ signature: ModelSignature, file: String) throws(FileError) {
    self.signature = signature
    options = try TokenizerOptions(model.tokenizer, ofModel: file)
    // The reader of models has refused vocabularies with a token twice.
    let encoding = model.vocabulary.flatMap { Vocabulary(tokens: $0) }.map { [options] in TokenEncoding($0, options) }
    missingToken = encoding?.vocabulary.missingSpecialToken?.token
    tokens = options.unit ?? .tokens == .tokens && missingToken == nil ? encoding : nil
    if let encoding, encoding.count != signature.ids {
      let hashed = options.ngrams.map { " and \($0.count) hashed n-grams" } ?? ""
      throw FileError(
        file,
        "its vocabulary has \(encoding.vocabulary.count) entries\(hashed), but its layers take \(signature.ids) ids")
    }
    vocabulary = model.vocabulary
    self.encoding = TextEncoding(vocabulary: model.vocabulary, ids: signature.ids, options)
  }

  /// Whether ids are the bytes of texts.
  var hasBytes: Bool { options.unit == .characters && vocabulary == nil && signature.ids == 256 }

  /// What people call an id: its token or character; of ids that are bytes, the character of an ASCII one.
  public func name(of id: Int) -> IDName {
    if let vocabulary, vocabulary.indices ~= id { return .text(vocabulary[id]) }
    guard hasBytes, 0..<0x80 ~= id else { return .number(id) }
    return .text(id <= Vocabulary.end ? Vocabulary.specialTokens[id] : String(UnicodeScalar(UInt8(id))))
  }
}
