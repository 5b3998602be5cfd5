import Neural
import Records
import Text

/// A model that gives the log probabilities of classes for ids.
struct Classifier: Sendable {
  /// The number of classes, and their names if they have any.
  let classes: Int
  let labels: [String]?
  /// The number of ids.
  let vocabularySize: Int
  /// The options with which the model's ids were made.
  let options: TokenizerOptions
  /// How tokens become ids, if the model has a vocabulary and works on tokens.
  let tokens: TokenEncoding?
  private let layers: Serial
  /// The same, made for many texts, where the layers allow it.
  private let meanClassifier: MeanClassifier?

  /// - Throws: `FileError` when the model is no classifier of ids.
  init(_ model: Model, file: String) throws(FileError) {
    guard let vocabularySize = model.layers.idCount else {
      throw FileError(file, "the model has no embedding of ids")
    }
    guard let shape = try? model.layers.outputShape([1, 1]), shape.count == 2 else {
      throw FileError(file, "the model gives no probabilities of classes")
    }
    let options: TokenizerOptions
    do { options = try TokenizerOptions(model.tokenizer) } catch { throw FileError(file, "its tokenizer: \(error)") }
    let vocabulary = model.vocabulary.flatMap { Vocabulary(tokens: $0) }
    guard (vocabulary == nil) == (model.vocabulary == nil) else {
      throw FileError(file, "a token stands in the vocabulary twice")
    }
    let encoding = vocabulary.map { TokenEncoding($0, options) }
    tokens = options.unit ?? .tokens == .tokens ? encoding : nil
    guard model.labels?.count ?? shape[1] == shape[1], encoding?.count ?? vocabularySize == vocabularySize else {
      throw FileError(file, "the model's labels or vocabulary do not fit its layers")
    }
    self.options = options
    layers = model.layers
    meanClassifier = MeanClassifier(layers)
    classes = shape[1]
    labels = model.labels
    self.vocabularySize = vocabularySize
  }

  /// The command that makes of a text what the model takes.
  var preparation: String {
    let (program, words) =
      tokens == nil && options.unit != nil && options.unit != .tokens
      ? ("tensorize", options.wordsOfTensorize) : ("tweet-tokenize", options.wordsOfTweetTokenize)
    return ([program] + words).joined(separator: " ")
  }

  /// The log probabilities of the classes for the ids of one text. A text without ids counts as one of padding.
  func callAsFunction(_ ids: [Int]) -> [Float] {
    let ids = ids.isEmpty ? [0] : ids
    if let meanClassifier { return meanClassifier(ids) }
    return layers.forward(Tensor(ids.map { Float($0) }, shape: [1, ids.count])).output.values
  }
}
