import JSONLines

/// The names of the two fields of a record that hold the texts of a pair, or what was made of them.
public struct PairFields: Sendable, Equatable {
  /// The fields of the two sides.
  public let first: String, second: String

  /// Two names.
  /// - Throws: `RecordError` that says why there are not two different ones.
  public init(_ names: [String]) throws(RecordError) {
    guard names.count == 2 else { throw RecordError("a pair has two fields, A,B, not \(names.count)") }
    guard names[0] != names[1] else { throw RecordError("the field \"\(names[0])\" can't be both sides of a pair") }
    (first, second) = (names[0], names[1])
  }

  /// The names, in their order.
  public var names: [String] { [first, second] }

  /// The ids of one side, which `tensorize` makes.
  func ids(_ field: String, of record: borrowing Record) throws(RecordError) -> [Int] {
    if record.isString(field) {
      throw RecordError(
        "field \"\(field)\" must be a list of ids, not a string (tweet-tokenize and tensorize --field \(field) --into "
          + "NAME make them)")
    }
    guard record.has(field) else {
      throw RecordError("field \"\(field)\" is missing (tensorize --into \(field) makes it)")
    }
    let ids = try record.integers(field)
    try IDRange.check(ids, of: field)
    return ids
  }
}
