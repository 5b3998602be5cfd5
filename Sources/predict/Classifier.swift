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
  /// The options of `tweet-tokenize` with which the model was trained, if they are known.
  let tokenizer: String?
  /// The n-grams beside the tokens, if the model was trained with some.
  let ngrams: HashedNGrams?
  private let layers: Serial
  /// The same, made for many texts, where the layers allow it.
  private let meanClassifier: MeanClassifier?
  /// Whether there is a table that makes matrix products superfluous.
  var hasTable: Bool { meanClassifier != nil }

  /// - Throws: `FileError` when the model is no classifier of ids.
  init(_ model: Model, file: String) throws(FileError) {
    guard let vocabularySize = model.layers.idCount else {
      throw FileError(file, "the model has no embedding of ids")
    }
    guard let shape = try? model.layers.outputShape([1, 1]), shape.count == 2 else {
      throw FileError(file, "the model gives no probabilities of classes")
    }
    let ngrams = model.vocabulary == nil ? nil : model.tokenizer.flatMap { HashedNGrams(options: $0) }
    self.ngrams = ngrams
    guard model.labels?.count ?? shape[1] == shape[1],
      model.vocabulary.map({ $0.count + (ngrams?.count ?? 0) }) ?? vocabularySize == vocabularySize
    else {
      throw FileError(file, "the model's labels or vocabulary do not fit its layers")
    }
    layers = model.layers
    meanClassifier = MeanClassifier(layers)
    classes = shape[1]
    labels = model.labels
    self.vocabularySize = vocabularySize
    tokenizer = model.tokenizer
  }

  /// The log probabilities of the classes for the ids of one text. A text without ids counts as one of padding.
  func callAsFunction(_ ids: [Int]) -> [Float] {
    let ids = ids.isEmpty ? [0] : ids
    if let meanClassifier { return meanClassifier(ids) }
    return layers.forward(Tensor(ids.map { Float($0) }, shape: [1, ids.count])).output.values
  }
}
