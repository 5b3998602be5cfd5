import Batches

/// What is said of predicted tags whose true ones are known: of the entities that they make, and of the tokens.
///
/// An entity is right where the true tags have one of the same type and the same tokens. Of broken sequences the
/// entities are those of conlleval and of seqeval's default mode (`EntitySpan`); a tag of no scheme counts as an entity
/// of one token. Averages are seqeval's: micro of all entities together, macro and weighted means over the types that
/// occur. It is the same for any order of the records, and parts of them can be counted apart and added.
public struct EntityReport: Sendable {
  /// How often entities of a type were there, predicted, and both.
  public struct TypeCounts: Sendable, Equatable {
    /// Entities that were rightly predicted, that were predicted, and that are there.
    public internal(set) var right = 0, predicted = 0, entities = 0

    /// Of the predicted ones the share that is there; 0 without any, here and below.
    public var precision: Double { share(right, of: predicted) }
    /// Of those there the share that was predicted.
    public var recall: Double { share(right, of: entities) }
    /// The harmonic mean of the two.
    public var f1: Double { share(2 * right, of: predicted + entities) }

    static func += (sum: inout TypeCounts, other: TypeCounts) {
      sum.right += other.right
      sum.predicted += other.predicted
      sum.entities += other.entities
    }
  }

  /// The counts of each type that was there or predicted.
  public internal(set) var types: [String: TypeCounts] = [:]
  /// The sentences, their tokens, and those whose tag was rightly predicted.
  public internal(set) var sentences = 0, tokens = 0, rightTokens = 0

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
    tokens += tags.count
    rightTokens += zip(tags, predictions).count { $0.utf8.elementsEqual($1.utf8) }
    let entities = EntitySpan.all(of: tags.map { Tag($0) })
    for entity in entities { types[entity.type, default: TypeCounts()].entities += 1 }
    let there = Set(entities)
    for entity in EntitySpan.all(of: predictions.map { Tag($0) }) {
      types[entity.type, default: TypeCounts()].predicted += 1
      if there.contains(entity) { types[entity.type]!.right += 1 }
    }
  }

  /// Adds what another report has counted.
  public mutating func add(_ other: EntityReport) {
    for (type, counts) in other.types { types[type, default: TypeCounts()] += counts }
    sentences += other.sentences
    tokens += other.tokens
    rightTokens += other.rightTokens
  }

  /// Whether no record was counted.
  public var isEmpty: Bool { sentences == 0 }

  /// Precision, recall and F1 of all entities counted alike.
  public var micro: TypeCounts { types.values.reduce(into: TypeCounts()) { $0 += $1 } }

  /// The mean of a metric over the types; with `bySupport`, by their numbers of entities.
  public func macro(_ metric: (TypeCounts) -> Double, bySupport: Bool = false) -> Double {
    // In the order of names, so that the sum of floats is always the same.
    let counts = sortedTypes.map(\.counts)
    let weights = counts.map { bySupport ? Double($0.entities) : 1 }
    let total = weights.reduce(0, +)
    return total > 0 ? zip(counts, weights).reduce(0) { $0 + $1.1 * metric($1.0) } / total : 0
  }

  /// The share of tokens whose tag was rightly predicted.
  public var tokenAccuracy: Double { share(rightTokens, of: tokens) }

  /// The types in the order of the bytes of their names.
  var sortedTypes: [(name: String, counts: TypeCounts)] {
    types.map { ($0, $1) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
  }
}

private func share(_ part: Int, of whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
