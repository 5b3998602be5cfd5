import JSONLines

/// One example of a data set: the ids of a text and what it is to be recognized as.
public struct Example: Equatable, Sendable {
  /// Vocabulary ids.
  public var ids: [Int]
  /// The ids of each step, where steps have several: lists of at least one, the first of which are `ids`; else empty.
  public var steps: [[Int]] = []
  /// The ids of the other text, of a pair; nil for a single text.
  public var otherIDs: [Int]?
  /// The class; of an example that may have several, 0.
  public var label: Int
  /// The classes of an example that may have several.
  public var labels: [Int] = []
  /// The classes of the ids, one each, of an example that has them.
  public var tagIDs: [Int] = []
  /// How much the example counts in the loss.
  public var weight: Float

  /// An example of ids and a class, which counts by its weight.
  public init(ids: [Int], label: Int, weight: Float = 1) {
    self.ids = ids
    self.label = label
    self.weight = weight
  }

  /// The number of ids; of a pair, those of the longer text.
  public var length: Int { max(ids.count, otherIDs?.count ?? 0) }

  /// The example of a record with `ids`, or of a pair with two fields of ids, labels (none where the ids are to be predicted from each other) and a field
  /// that says how much it counts: `weightField`, which must be there, or without that `weight`, if it is there.
  /// - Throws: `RecordError` when a field is missing, of the wrong type, or negative.
  public init(
    _ record: borrowing Record, labels field: LabelField? = LabelField(), weightField: String? = nil,
    pair: PairFields? = nil
  ) throws(RecordError) {
    if let pair {
      ids = try pair.ids(pair.first, of: record)
      otherIDs = try pair.ids(pair.second, of: record)
    } else if let lists = record.has("ids") ? try record.integerLists("ids") : nil {
      guard lists.allSatisfy({ !$0.isEmpty }) else { throw RecordError("field \"ids\" holds a list without ids") }
      for list in lists { try IDRange.check(list, of: "ids") }
      (steps, ids) = (lists, lists.map { $0[0] })
    } else {
      ids = try Self.ids(of: record)
    }
    label = 0
    weight = 1
    if let field, field.isSeveral { labels = try field.labels(of: record) }
    if let field, !field.isSeveral { label = try field.label(of: record) }
    let counts = weightField ?? "weight"
    if let value = try weightField == nil ? record.value(counts) : record.required(counts) {
      guard let number = value.number else { throw record.wrongType(counts, "a number") }
      guard number >= 0, Float(number).isFinite else { throw RecordError("field \"\(counts)\" must be 0 or more") }
      weight = Float(number)
    }
  }

  /// The ids of a single text.
  private static func ids(of record: borrowing Record) throws(RecordError) -> [Int] {
    let ids: [Int]
    do throws(RecordError) {
      ids = try record.integers("ids")
    } catch {
      if record.isBatch { throw RecordError("\(error)\(Record.adviceOnBatches)") }
      guard !record.has("ids"), record.has("tokens") || record.has("text") else { throw error }
      let makers =
        record.has("tokens") ? "tensorize --vocab makes them of tokens" : "tweet-tokenize | tensorize makes them"
      throw RecordError("\(error) (\(makers))")
    }
    try IDRange.check(ids, of: "ids")
    return ids
  }
}
