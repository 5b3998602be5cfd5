import Neural
import Records

/// A model that gives the log probabilities of classes for ids.
struct Classifier: Sendable {
  /// The number of classes, and their names if they have any.
  let classes: Int
  let labels: [String]?
  /// The number of ids.
  let vocabularySize: Int
  /// The options of `tweet-tokenize` with which the model was trained, if they are known.
  let tokenizer: String?
  private let layers: Serial

  /// - Throws: `FileError` when the model is no classifier of ids.
  init(_ model: Model, file: String) throws(FileError) {
    guard let vocabularySize = model.layers.idCount else {
      throw FileError(file, "the model has no embedding of ids")
    }
    guard let shape = try? model.layers.outputShape([1, 1]), shape.count == 2 else {
      throw FileError(file, "the model gives no probabilities of classes")
    }
    guard model.labels?.count ?? shape[1] == shape[1],
      model.vocabulary?.count ?? vocabularySize == vocabularySize
    else {
      throw FileError(file, "the model's labels or vocabulary do not fit its layers")
    }
    layers = model.layers
    classes = shape[1]
    labels = model.labels
    self.vocabularySize = vocabularySize
    tokenizer = model.tokenizer
  }

  /// The log probabilities `[1, classes]` for the ids of one text. A text without ids counts as one of padding.
  func callAsFunction(_ ids: [Int]) -> Tensor {
    let ids = ids.isEmpty ? [0] : ids
    return layers.forward(Tensor(ids.map { Float($0) }, shape: [1, ids.count])).output
  }
}
