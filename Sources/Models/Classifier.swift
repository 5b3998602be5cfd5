import Files
import JSONLines
import Neural
import Text

/// A model that gives the log probabilities of classes for ids: of classes of which one is the case, or of classes each
/// of which is there or not.
public struct Classifier: Sendable {
  /// What the model takes and gives.
  public let signature: ModelSignature
  /// Whether each class is there or not by itself, so that a text may have several.
  public var givesSeveralLabels: Bool { signature.kind == .multiLabelClassifier }
  /// The names of the classes, if they have any.
  public let labels: [String]?
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
  let layers: Serial
  /// The same, made for many texts, where the layers allow it.
  private let meanClassifier: MeanClassifier?
  /// Whether there is a table that makes matrix products superfluous.
  public var hasTable: Bool { meanClassifier != nil }

  /// - Throws: `FileError` when the model is no classifier of ids.
  public init(_ model: Model, file: String) throws(FileError) {
    signature = try model.signature(file: file)
    guard !signature.isSequence else {
      throw FileError(file, "the model gives no probabilities of classes, but of the next id at every step")
    }
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
    layers = model.layers
    meanClassifier = MeanClassifier(layers)
    labels = model.labels
  }

  /// Whether ids are the bytes of texts.
  var hasBytes: Bool { options.unit == .characters && vocabulary == nil && signature.ids == 256 }

  /// What people call an id: its token or character; of ids that are bytes, the character of an ASCII one.
  public func name(of id: Int) -> IDName {
    if let vocabulary, vocabulary.indices ~= id { return .text(vocabulary[id]) }
    guard hasBytes, 0..<0x80 ~= id else { return .number(id) }
    return .text(id <= Vocabulary.end ? Vocabulary.specialTokens[id] : String(UnicodeScalar(UInt8(id))))
  }

  /// The log probabilities of the classes for the ids of one text, all of which must be the model's. A text without ids
  /// counts as one of padding.
  /// - Throws: `RecordError` for a text that is too long, and where the model's numbers grow beyond those of floats.
  public func callAsFunction(_ ids: [Int]) throws(RecordError) -> [Float] {
    let ids = ids.isEmpty ? [0] : ids
    let logProbabilities: [Float]
    if let meanClassifier {
      logProbabilities = meanClassifier(ids)
    } else {
      try signature.check(count: ids.count)
      logProbabilities = layers.forward(Tensor(ids.map { Float($0) }, shape: [1, ids.count])).output.values
    }
    guard logProbabilities.allSatisfy(\.isFinite) else {
      throw RecordError("the model's outputs are no finite numbers")
    }
    return logProbabilities
  }
}
