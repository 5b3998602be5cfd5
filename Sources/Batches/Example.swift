import JSONLines

/// One example of a data set: the ids of a text and what it is to be recognized as.
public struct Example: Equatable, Sendable {
  /// Vocabulary ids.
  public var ids: [Int]
  /// The class.
  public var label: Int
  /// How much the example counts in the loss.
  public var weight: Float

  public init(ids: [Int], label: Int, weight: Float = 1) {
    self.ids = ids
    self.label = label
    self.weight = weight
  }

  /// The example of a record with `ids`, `label` (unless the ids are to foretell each other) and a field that says how much it
  /// counts: `weightField`, which must be there, or without that `weight`, if it is there.
  /// - Throws: `RecordError` when a field is missing, of the wrong type, or negative.
  public init(
    _ record: borrowing Record, hasLabel: Bool = true, weightField: String? = nil
  ) throws(RecordError) {
    ids = try record.integers("ids")
    label = hasLabel ? try record.integer("label") : 0
    weight = 1
    if let id = ids.first(where: { $0 < 0 || $0 >= 1 << 24 }) {
      throw RecordError("field \"ids\" holds \(id); an id is from 0 to \(1 << 24 - 1)")
    }
    guard 0..<1 << 24 ~= label else { throw RecordError("field \"label\" is \(label); a label is 0 or more") }
    let field = weightField ?? "weight"
    if let value = try weightField == nil ? record.value(field) : record.required(field) {
      guard let number = value.number else { throw record.wrongType(field, "a number") }
      guard number >= 0, Float(number).isFinite else { throw RecordError("field \"\(field)\" must be 0 or more") }
      weight = Float(number)
    }
  }
}

/// Which examples are used, by their number of ids.
public struct LengthFilter: Sendable {
  let lengths: ClosedRange<Int>
  let truncates: Bool
  /// How many examples were left out so far.
  public private(set) var dropped = 0

  /// Examples of other lengths are left out; with `truncates` the long ones are cut to the largest length instead.
  public init(lengths: ClosedRange<Int>, truncates: Bool = false) {
    self.lengths = lengths
    self.truncates = truncates
  }

  /// The example as it is to be used, or nil.
  public mutating func apply(_ example: Example) -> Example? {
    var example = example
    if truncates, example.ids.count > lengths.upperBound {
      example.ids.removeLast(example.ids.count - lengths.upperBound)
    }
    if lengths.contains(example.ids.count) { return example }
    dropped += 1
    return nil
  }
}
