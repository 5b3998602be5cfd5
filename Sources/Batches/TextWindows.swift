/// A running text cut up for training with carried state: into as many stretches of equal length as a batch has rows,
/// and these into windows. Row `i` of a batch continues row `i` of the batch before.
///
///     text of 10, 2 rows, windows of 3:   0 1 2   3 4
///                                         5 6 7   8 9
public struct TextWindows {
  private let text: [Int32]
  private let weights: [Float]?
  private let window: Int
  private let stretches: [Range<Int>]

  /// Cuts the ids of a text into windows of `window` ids in `rows` rows; a short text has fewer rows. Each id counts as
  /// its weight says, or as 1.
  public init(_ text: [Int32], weights: [Float]? = nil, rows: Int, window: Int) {
    self.text = text
    self.weights = weights
    // A row has one id or more, and a window no more than a row.
    let rows = min(rows, max(text.count, 1))
    let length = max((text.count + rows - 1) / rows, 1)
    self.window = min(window, length)
    stretches = stride(from: 0, to: text.count, by: length).map { $0..<min($0 + length, text.count) }
  }

  /// The number of batches that the text makes.
  public var count: Int { ((stretches.first?.count ?? 0) + window - 1) / window }

  /// The rows of a batch. The last stretch is shorter than the others where the text can't be divided evenly: rows may
  /// be short, or empty, at the end.
  public subscript(index: Int) -> [Example] {
    ranges(index).map { Example(ids: text[$0].map { Int($0) }, label: 0) }
  }

  /// How much each id of a batch's rows counts; nil when all count 1.
  public func weights(of index: Int) -> [[Float]]? {
    weights.map { weights in ranges(index).map { Array(weights[$0]) } }
  }

  private func ranges(_ index: Int) -> [Range<Int>] {
    stretches.map { stretch in
      let start = min(stretch.lowerBound + index * window, stretch.upperBound)
      return start..<min(start + window, stretch.upperBound)
    }
  }
}
