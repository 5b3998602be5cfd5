import Files
import JSONLines
import Neural

/// A model that gives the log probabilities of classes for ids: of classes of which one is the case, or of classes each
/// of which is there or not.
public struct Classifier: Sendable {
  /// What the model takes and gives.
  public let signature: ModelSignature
  /// Whether each class is there or not by itself, so that a text may have several.
  public var givesSeveralLabels: Bool { signature.kind == .multiLabelClassifier }
  /// The names of the classes, if they have any.
  public let labels: [String]?
  /// How texts become the model's ids.
  public let input: ModelIDs
  let layers: Serial
  /// The same, made to learn no more.
  private let inferring: any Layer
  /// The same, made for many texts, where the layers allow it.
  private let meanClassifier: MeanClassifier?
  /// Whether there is a table that makes matrix products superfluous.
  public var hasTable: Bool { meanClassifier != nil }

  /// - Throws: `FileError` when the model is no classifier of ids.
  public init(_ model: Model, file: String) throws(FileError) {
    signature = try model.signature(file: file)
    guard signature.kind != .wordVectors else {
      throw FileError(file, "the model is one of word vectors: train --init-from takes them for another model")
    }
    guard !signature.isOfPairs else { throw FileError(file, "the model takes pairs of texts") }
    guard !signature.isSequence else {
      let what = signature.kind == .tagger ? "tags" : "the next id"
      let users = signature.kind == .languageModel ? ": it is a language model, for perplexity and gru-sample" : ""
      throw FileError(file, "the model gives no probabilities of classes, but of \(what) at every step\(users)")
    }
    input = try ModelIDs(model, signature, file: file)
    layers = model.layers
    do throws(LayerError) { inferring = try layers.specialized(for: Inference()) } catch {
      throw FileError(file, "\(error)")
    }
    meanClassifier = MeanClassifier(layers)
    labels = model.labels
  }

  /// What people call an id.
  public func name(of id: Int) -> IDName { input.name(of: id) }

  /// The log probabilities of the classes for the ids of one text, all of which must be the model's. A text without ids
  /// counts as one of padding.
  /// - Throws: `RecordError` for a text that is too long, and where the model's numbers grow beyond those of floats.
  public func callAsFunction(_ ids: [Int]) throws(RecordError) -> [Float] {
    let ids = ids.isEmpty ? [0] : ids
    let logProbabilities: [Float]
    if meanClassifier != nil {
      logProbabilities = meanClassifier!(ids)  // in place, as in ModelInput
    } else {
      try signature.check(count: ids.count)
      logProbabilities = inferring.forward(Tensor(ids.map { Float($0) }, shape: [1, ids.count])).output.values
    }
    guard logProbabilities.allSatisfy(\.isFinite) else {
      throw RecordError("the model's outputs are no finite numbers")
    }
    return logProbabilities
  }
}
