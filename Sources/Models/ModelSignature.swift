import JSONLines
import Neural

/// What a model takes and gives, found out from its layers before there are weights or memory for them.
///
/// Plans for ids of the shapes [1, 1], [2, 3] and [3, 2] tell it for all shapes: every length of a tensor is a sum of
/// constants and multiples of the batch and the time, and two such sums that agree at three points that lie on no line
/// agree everywhere.
public struct ModelSignature: Sendable {
  /// What the outputs are.
  public enum Kind: Sendable, CaseIterable {
    /// `[batch, classes]`: the probabilities of classes, for `predict`.
    case classifier
    /// `[batch, classes]`: the probabilities of classes each of which is there or not by itself, for `predict`.
    case multiLabelClassifier
    /// `[batch, time, ids]`: the probabilities of the next id at every step, for `perplexity` and `gru-sample`.
    case languageModel
    /// `[batch, time, classes]`: the probabilities of the tags of every step; or `[batch, time, classes, classes]`, those
    /// given the tag before, as `CRF` gives them.
    case tagger
    /// `[batch, 2]`: the probabilities that two texts are no duplicates and that they are, for `predict`.
    case pairClassifier
    /// Twice `[batch, depth]`: vectors of two texts, to be compared, for `predict`.
    case pairVectors
    /// `[batch, others, 2]`: the probabilities that other words stand near a word and that they do not, for the vectors
    /// of words that are learned so.
    case wordVectors
  }

  /// The most numbers that all layers together may make of one id.
  public static let mostNumbersOfAnID = 1 << 24

  /// What the outputs are.
  public internal(set) var kind: Kind
  /// What the targets of its batches are.
  public var targetKind: TargetKind {
    switch kind {
    case .multiLabelClassifier: .labels
    case .pairVectors: .duplicates
    case .classifier, .languageModel, .tagger, .pairClassifier, .wordVectors: .classes
    }
  }
  /// Whether it takes two texts.
  public var isOfPairs: Bool { kind == .pairClassifier || kind == .pairVectors }
  /// Whether it takes two inputs, ids of each.
  var takesTwoInputs: Bool { isOfPairs || kind == .wordVectors }
  /// Whether the outputs are of every step, and not of each row as a whole.
  public var isSequence: Bool { kind == .languageModel || kind == .tagger || kind == .wordVectors }
  /// Whether every step has several ids, so that inputs are `[batch, time, ids]`.
  public let takesSteps: Bool
  /// The number of ids.
  public let ids: Int
  /// The number of those that the second of two inputs may hold.
  let otherIDs: Int
  /// The number of classes; those of a language model are the ids, and of pairs there are two.
  public let classes: Int
  /// The number of trainable numbers.
  public let weightCount: Int
  /// The most ids, those of padding among them, that go through the model at once.
  public let idsAtOnce: Int

  /// The signature of a model's layers.
  /// - Throws: `LayerError` when the layers are too large, or neither a classifier of ids, a language model nor a tagger.
  public init(_ layers: Serial) throws(LayerError) {
    if layers.inputCount == 2 {
      let shapes = try ModelShapes(layers)
      self = if let ofWords = Self.ofWordVectors(layers, shapes) { ofWords } else { try Self.ofPairs(layers, shapes) }
      return
    }
    do throws(LayerError) {
      try self.init(layers, takesSteps: false)
    } catch {
      // What takes several ids at a step does not fit one.
      guard layers.takesIDLists, let signature = try? ModelSignature(layers, takesSteps: true),
        signature.kind == .tagger
      else { throw error }
      self = signature
    }
  }

  /// The shapes of the smallest inputs: of one id each.
  public var smallestInputs: [[Int]] {
    takesTwoInputs ? ModelShapes.pairs[0] : [ModelShapes.inputs(takesSteps)[0]]
  }

  private init(_ layers: Serial, takesSteps: Bool) throws(LayerError) {
    self.takesSteps = takesSteps
    guard let ids = layers.idCount else { throw LayerError("no layer takes ids, as Embedding does, which comes first") }
    let inputs = ModelShapes.inputs(takesSteps)
    let shapes = try ModelShapes(layers, inputs.map { [$0] })
    let outputs = shapes.outputs.map { $0.first ?? [] }
    // A chain has the classes twice: the class before, and the one here.
    let isChain = shapes.plan.logProbabilities == .chain
    guard shapes.outputs[0].count == 1, isChain || 2...3 ~= outputs[0].count else {
      throw LayerError(
        "the outputs have the shapes \(shapes.outputs[0]), but the loss needs [batch, classes] or [batch, time, classes]"
      )
    }
    let ofClasses = isChain ? 2 : 1
    let expected = inputs.map {
      Array($0.prefix(outputs[0].count - ofClasses)) + outputs[0].suffix(ofClasses)
    }
    guard outputs == expected else {
      func list(_ shapes: [[Int]]) -> String { shapes.map { "\($0)" }.joined(separator: ", ") }
      throw LayerError(
        "outputs of the shapes \(list(outputs)) for ids of the shapes \(list(inputs)) do not follow the batch"
      )
    }
    guard let logProbabilities = shapes.plan.logProbabilities else {
      throw LayerError(
        "the outputs are no log probabilities: the last layer must be LogSoftmax, along the last axis, or LogSigmoid for several labels a record"
      )
    }
    guard !shapes.plan.mixesBatch else {
      throw LayerError("a softmax over the rows of a batch mixes what has no relation")
    }
    (self.ids, otherIDs) = (ids, ids)
    classes = outputs[0][outputs[0].count - 1]
    switch (logProbabilities, outputs[0].count) {
    case (.exclusive, 2): kind = .classifier
    case (.independent, 2): kind = .multiLabelClassifier
    case (.exclusive, _): kind = layers.timeShift == 0 ? .tagger : .languageModel
    case (.chain, _):
      guard layers.timeShift == 0 else {
        throw LayerError("a chain of tags is one of the ids' own steps: shift nothing")
      }
      kind = .tagger
    case (.independent, _):
      throw LayerError("LogSigmoid at every step says nothing of the next id: a language model ends in LogSoftmax")
    }
    weightCount = shapes.weightCount
    idsAtOnce = LayerPlan.mostNumbers / max(shapes.plan.numbers, 1)
    guard kind == .languageModel else { return }
    guard classes == ids else { throw LayerError(whyNoLanguageModel) }
    // In mode predict, which samples, nothing is shifted: the caller begins with the padding id that the shift puts in
    // front.
    guard layers.timeShift == 1, layers.layers.first.map({ $0.timeShift == 1 && $0.sublayers.isEmpty }) ?? false,
      !shapes.plan.mixesTime
    else {
      throw LayerError(
        shapes.plan.mixesTime
          ? whyNoLanguageModel : "the model must begin with ShiftRight, by one step, and shift nothing later")
    }
  }

  /// Why a model that gives the probabilities of classes at every step does not give those of the next id.
  public var whyNoLanguageModel: String {
    classes == ids
      ? "the model sees the id that it is to predict: it does not begin with ShiftRight, or looks ahead later"
      : "the model takes \(ids) ids, but gives the probabilities of \(classes) at every step"
  }
}

/// The shapes that layers have for ids, whatever they are used for.
struct ModelShapes {
  /// The shapes of ids for which layers are planned.
  static func inputs(_ takesSteps: Bool) -> [[Int]] {
    takesSteps ? [[1, 1, 1], [2, 3, 3], [3, 2, 2]] : [[1, 1], [2, 3], [3, 2]]
  }
  /// Those of both sides of pairs, where the time of the other is one more unknown.
  static let pairs = [[[1, 1], [1, 1]], [[2, 3], [2, 2]], [[3, 2], [3, 2]], [[2, 2], [2, 3]]]

  /// The shapes for pairs, if the layers take two inputs; else for one id a step or, where that does not fit, several.
  /// - Throws: `LayerError` as with one id a step.
  init(_ layers: Serial) throws(LayerError) {
    do throws(LayerError) {
      try self.init(layers, layers.inputCount == 2 ? Self.pairs : Self.inputs(false).map { [$0] })
    } catch {
      guard layers.takesIDLists, let shapes = try? ModelShapes(layers, Self.inputs(true).map { [$0] }) else {
        throw error
      }
      self = shapes
    }
  }

  /// The plan for one id.
  let plan: LayerPlan
  /// The number of trainable numbers.
  let weightCount: Int
  /// The shapes of the outputs, for each of the inputs.
  let outputs: [[[Int]]]

  /// - Throws: `LayerError` when the layers take no ids, do not fit each other for all batches, or are too large.
  init(_ layers: Serial, _ inputs: [[[Int]]]) throws(LayerError) {
    var plans: [LayerPlan] = []
    for input in inputs { plans.append(try layers.plan(input)) }
    plan = plans[0]
    outputs = plans.map(\.outputs)
    for other in plans.dropFirst() {
      for (entry, later) in zip(plan.weights + plan.state, other.weights + other.state) where entry != later {
        throw LayerError(
          "\"\(entry.name)\" would have the shape \(entry.shape) or \(later.shape), depending on the batch")
      }
    }
    weightCount = plan.weights.reduce(0) { $0 + $1.shape.reduce(1, *) }
    guard weightCount <= LayerPlan.mostNumbers else {
      throw LayerError("the layers have \(weightCount) weights, but at most \(LayerPlan.mostNumbers) are possible")
    }
    guard plan.numbers <= ModelSignature.mostNumbersOfAnID else {
      throw LayerError(
        "the layers make \(plan.numbers) numbers of one id, but at most \(ModelSignature.mostNumbersOfAnID) are possible"
      )
    }
  }
}

/// What data may hold for a model. Every id and class of a record is checked here before it is an index of anything.
extension ModelSignature {
  /// - Throws: `RecordError` naming the field, unless all ids are the model's and fit into a pass.
  /// - Parameter advice: What may be wrong.
  public func check(
    ids: [Int], of field: String, advice: String = "the ids are of another vocabulary"
  ) throws(RecordError) {
    if let id = ids.first(where: { !(0..<self.ids ~= $0) }) {
      throw RecordError("field \"\(field)\" holds \(id), but the model has \(self.ids) entries (\(advice))")
    }
  }

  /// - Throws: `RecordError` naming the field, unless the class is one of the model's.
  public func check(class label: Int, of field: String) throws(RecordError) {
    guard 0..<classes ~= label else {
      let advice =
        label < classes ? "" : "; classes count from 0" + (classes == 1 ? ", so that two are the fewest: Dense(2)" : "")
      throw RecordError("field \"\(field)\" holds \(label), but the model has \(classes) classes\(advice)")
    }
  }

  /// - Throws: `RecordError` unless so many ids can go through the model at once.
  public func check(count: Int) throws(RecordError) {
    guard count <= idsAtOnce else {
      throw RecordError("there are \(count) ids, but at most \(idsAtOnce) can go through the model at once")
    }
  }
}
