/// Which examples are used, by their number of ids; of pairs, by those of both texts.
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
    if truncates, example.length > lengths.upperBound {
      example.ids = Array(example.ids.prefix(lengths.upperBound))
      example.steps = Array(example.steps.prefix(lengths.upperBound))
      example.tagIDs = Array(example.tagIDs.prefix(lengths.upperBound))
      example.otherIDs = example.otherIDs.map { Array($0.prefix(lengths.upperBound)) }
    }
    if lengths.contains(example.ids.count), lengths.contains(example.otherIDs?.count ?? example.ids.count) {
      return example
    }
    dropped += 1
    return nil
  }
}
