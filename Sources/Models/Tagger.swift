import Batches
import Files
import Glibc
import JSONLines
import Neural
import Text

/// A model that gives every token of a sequence a tag.
public struct Tagger: Sendable {
  /// What the model takes and gives.
  public let signature: ModelSignature
  /// How texts become the model's ids.
  public let input: ModelIDs
  /// The names of the tags.
  public let names: [String]
  /// What is added to the log odds of tags of entities against `O`, in nats: with more of it more entities are found, and
  /// more of them are none.
  public let entityBias: Double
  /// What the tags say of entities.
  public let decoder: TagDecoder
  private let layers: Serial

  /// The possible biases: more nats leave floats no digits for what the model says.
  public static let biases = -100.0...100

  /// - Parameter entityBias: What is added to the log odds of tags of entities; nil for what the model says, or nothing.
  /// - Throws: `FileError` when the model is no tagger, its tags have no names, or a token may have no id of its own; and
  ///   for a bias where the tags are not such of entities, with an `O`.
  public init(_ model: Model, entityBias: Double? = nil, file: String) throws(FileError) {
    signature = try model.signature(file: file)
    guard signature.kind == .tagger else { throw FileError(file, "the model gives no tags") }
    guard let labels = model.labels else { throw FileError(file, "the model's tags have no names") }
    names = labels
    input = try ModelIDs(model, signature, file: file)
    do throws(TokenizerOptionsError) {
      try Self.check(input.options)
    } catch {
      throw FileError(file, "its tokenizer: \(error)")
    }
    decoder = TagDecoder(labels)
    self.entityBias = entityBias ?? model.entityBias ?? 0
    guard Self.biases.contains(self.entityBias) else {
      throw FileError(file, "the entity bias \(self.entityBias) is not from -100 to 100")
    }
    guard self.entityBias == 0 || decoder.takesBias else {
      throw FileError(file, "its tags are not such of entities, with an O: no bias is possible")
    }
    layers = model.layers
  }

  /// - Throws: `TokenizerOptionsError` naming what makes other ids than one for every token.
  public static func check(_ options: TokenizerOptions) throws(TokenizerOptionsError) {
    let others = [
      ("--characters", options.areCharacters), ("--subwords", options.subwords != nil),
      ("--ngrams", options.ngrams != nil), ("--max-length", options.maxLength != nil),
      ("--append-end", options.appendsEnd),
    ]
    guard let (name, _) = others.first(where: \.1) else { return }
    throw TokenizerOptionsError("a tagger takes one id for every token, and no \(name)")
  }

  /// The tags for one sequence of tokens, each with its ids, all of which must be the model's; none for none.
  ///
  /// Entities that are less probable than the threshold are left out, and their tokens have the tag `O`.
  /// - Throws: `RecordError` for a sequence that is too long, and where the model's numbers grow beyond those of floats.
  /// - Precondition: With a threshold above 0, there is a tag `O`.
  /// - Precondition: Every token has an id, and only one unless the model takes several.
  public func callAsFunction(_ steps: [[Int]], threshold: Double = 0) throws(RecordError) -> TagPrediction {
    guard !steps.isEmpty else { return TagPrediction(tags: [], entities: [], outputs: .empty) }
    let depth = steps.reduce(1) { max($0, $1.count) }
    precondition(signature.takesSteps || depth == 1, "the model takes one id a token")
    try signature.check(count: steps.count * depth)
    let ids = steps.flatMap { step in (0..<depth).map { $0 < step.count ? Float(step[$0]) : 0 } }
    let inputs = Tensor(ids, shape: [1, steps.count] + (signature.takesSteps ? [depth] : []))
    let y = layers.forward(inputs).output
    guard y.isFinite else { throw RecordError("the model's outputs are no finite numbers") }
    let biased = biased(y)
    let rules = entityBias == 0 ? decoder.rules : decoder.rulesOrNone
    var tags = TagChain.best(biased, rules: rules)
    guard decoder.hasEntities else { return TagPrediction(tags: tags, entities: [], outputs: y) }
    let all = decoder.entities(of: tags, biased, rules: rules)
    let entities = all.filter { $0.probability >= threshold }
    if entities.count < all.count {
      for entity in all where entity.probability < threshold {
        for token in entity.span.start..<entity.span.end { tags[token] = decoder.outside! }
      }
    }
    return TagPrediction(tags: tags, entities: entities, outputs: y)
  }

  /// The outputs with the bias, which add up to 1 no longer.
  private func biased(_ y: Tensor) -> Tensor {
    guard entityBias != 0, let outside = decoder.outside else { return y }
    var y = y
    let count = y.depth
    y.withMutableValues { values in
      for index in values.indices where index % count != outside { values[index] += Float(entityBias) }
    }
    return y
  }
}

/// What a tagger says of one sequence.
public struct TagPrediction: Sendable {
  /// The classes of the tags, one a token.
  public let tags: [Int]
  /// The entities that the tags make, in their order.
  public let entities: [Entity]
  fileprivate let outputs: Tensor

  /// The log probabilities of all tags at every token, as the model gives them: of a model whose tags depend on each
  /// other, those of each token by itself. They know nothing of the rules that the tags keep.
  public var logProbabilities: [[Float]] {
    guard !tags.isEmpty else { return [] }
    let count = outputs.depth
    guard outputs.shape.count == 4 else {
      let values = outputs.values
      return tags.indices.map { Array(values[$0 * count..<($0 + 1) * count]) }
    }
    return TagChain(outputs).marginals.map { $0.map { Float(log(max($0, .leastNonzeroMagnitude))) } }
  }
}
