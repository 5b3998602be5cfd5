import Batches

/// What is said of predicted tags whose true ones are known: of the entities that they make, and of the tokens.
///
/// An entity is right where the true tags have one of the same type and the same tokens. Of broken sequences the
/// entities are those of conlleval and of seqeval's default mode (`EntitySpan`). Averages are seqeval's: micro of all
/// entities together, macro and weighted means over the types that occur. Where a tag is of no scheme of entities, as
/// parts of speech are, the report is on the tags of tokens instead. It is the same for any order of the records, and
/// parts of them can be counted apart and added.
public struct EntityReport: Sendable {
  /// How often something of a name was there, predicted, and both: entities of a type, or tokens with a tag.
  public struct Counts: Sendable, Equatable {
    /// Those that were rightly predicted, that were predicted, and that are there.
    public internal(set) var right = 0, predicted = 0, actual = 0

    /// Of the predicted ones the share that is there; 0 without any, here and below.
    public var precision: Double { share(right, of: predicted) }
    /// Of those there the share that was predicted.
    public var recall: Double { share(right, of: actual) }
    /// The harmonic mean of the two.
    public var f1: Double { share(2 * right, of: predicted + actual) }

    static func += (sum: inout Counts, other: Counts) {
      sum.right += other.right
      sum.predicted += other.predicted
      sum.actual += other.actual
    }
  }

  /// The counts of each type of entities, and of each tag of tokens, that was there or predicted.
  public internal(set) var types: [String: Counts] = [:], tags: [String: Counts] = [:]
  /// The sentences.
  public internal(set) var sentences = 0

  /// A report of no records yet.
  public init() {}

  /// None: types are what is found.
  public var names: [String] { [] }

  /// Counts a sentence.
  /// - Parameters:
  ///   - tags: The true tags.
  ///   - predictions: The predicted ones.
  /// - Precondition: There are as many.
  public mutating func add(tags: [String], predictions: [String]) {
    precondition(tags.count == predictions.count, "\(predictions.count) predictions of \(tags.count) tags")
    sentences += 1
    for (tag, prediction) in zip(tags, predictions) {
      if tag.utf8.elementsEqual(prediction.utf8) {
        self.tags[tag, default: Counts()] += Counts(right: 1, predicted: 1, actual: 1)
      } else {
        self.tags[tag, default: Counts()].actual += 1
        self.tags[prediction, default: Counts()].predicted += 1
      }
    }
    let entities = EntitySpan.all(of: tags.map { Tag($0) })
    for entity in entities { types[entity.type, default: Counts()].actual += 1 }
    let there = Set(entities)
    for entity in EntitySpan.all(of: predictions.map { Tag($0) }) {
      types[entity.type, default: Counts()].predicted += 1
      if there.contains(entity) { types[entity.type]!.right += 1 }
    }
  }

  /// Adds what another report has counted.
  public mutating func add(_ other: EntityReport) {
    for (type, counts) in other.types { types[type, default: Counts()] += counts }
    for (tag, counts) in other.tags { tags[tag, default: Counts()] += counts }
    sentences += other.sentences
  }

  /// Whether no record was counted.
  public var isEmpty: Bool { sentences == 0 }

  /// A tag that is of no scheme of entities, the first in the order of bytes; nil where all are.
  public var strangeTag: String? { tags.byName.first { !Tag($0.name).isOfEntities }?.name }

  /// Precision, recall and F1 of all entities counted alike.
  public var micro: Counts { types.micro }

  /// The mean of a metric over the types; with `bySupport`, by their numbers of entities.
  public func macro(_ metric: (Counts) -> Double, bySupport: Bool = false) -> Double {
    types.macro(metric, bySupport: bySupport)
  }

  /// The tokens.
  public var tokens: Int { tags.micro.actual }
  /// Those whose tag was rightly predicted.
  public var rightTokens: Int { tags.micro.right }
  /// The share of tokens whose tag was rightly predicted.
  public var tokenAccuracy: Double { tags.micro.recall }
}

extension [String: EntityReport.Counts] {
  /// All counted alike.
  var micro: EntityReport.Counts { values.reduce(into: EntityReport.Counts()) { $0 += $1 } }

  /// The mean of a metric over the names; with `bySupport`, by how often each is there.
  func macro(_ metric: (EntityReport.Counts) -> Double, bySupport: Bool) -> Double {
    // In the order of names, so that the sum of floats is always the same.
    let counts = byName.map(\.counts)
    let weights = counts.map { bySupport ? Double($0.actual) : 1 }
    let total = weights.reduce(0, +)
    return total > 0 ? zip(counts, weights).reduce(0) { $0 + $1.1 * metric($1.0) } / total : 0
  }

  /// The names in the order of their bytes.
  var byName: [(name: String, counts: EntityReport.Counts)] {
    map { ($0, $1) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
  }
}

private func share(_ part: Int, of whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
