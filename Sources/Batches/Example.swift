import JSONLines

/// One example of a data set: the ids of a text and what it is to be recognized as.
public struct Example: Equatable, Sendable {
  /// Vocabulary ids.
  public var ids: [Int]
  /// The ids of each step, where steps have several: lists of at least one, the first of which are `ids`; else empty.
  public var steps: [[Int]] = []
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

  /// The example of a record with `ids`, labels (none where the ids are to be predicted from each other) and a field
  /// that says how much it counts: `weightField`, which must be there, or without that `weight`, if it is there.
  /// - Throws: `RecordError` when a field is missing, of the wrong type, or negative.
  public init(
    _ record: borrowing Record, labels field: LabelField? = LabelField(), weightField: String? = nil
  ) throws(RecordError) {
    do throws(RecordError) {
      if let lists = record.has("ids") ? try record.integerLists("ids") : nil {
        guard lists.allSatisfy({ !$0.isEmpty }) else { throw RecordError("field \"ids\" holds a list without ids") }
        (steps, ids) = (lists, lists.map { $0[0] })
      } else {
        ids = try record.integers("ids")
      }
    } catch {
      guard !record.has("ids"), record.has("tokens") || record.has("text") else { throw error }
      let makers =
        record.has("tokens") ? "tensorize --vocab makes them of tokens" : "tweet-tokenize | tensorize makes them"
      throw RecordError("\(error) (\(makers))")
    }
    label = 0
    weight = 1
    for list in steps.isEmpty ? [ids] : steps { try IDRange.check(list, of: "ids") }
    if let field, field.isSeveral { labels = try field.labels(of: record) }
    if let field, !field.isSeveral { label = try field.label(of: record) }
    let counts = weightField ?? "weight"
    if let value = try weightField == nil ? record.value(counts) : record.required(counts) {
      guard let number = value.number else { throw record.wrongType(counts, "a number") }
      guard number >= 0, Float(number).isFinite else { throw RecordError("field \"\(counts)\" must be 0 or more") }
      weight = Float(number)
    }
  }
}
