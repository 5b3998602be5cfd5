/// What the ranks are told of a lane beside its dense gradients.
struct LaneReport {
  /// The loss, as a share of that of the batch.
  var loss: Float
  /// What the metrics count.
  var counts: [Double]
  /// The state of the layers after the lane.
  var state: LaneState
  /// The gradients of tables that ids look up, of the rows that occur.
  var tables: [(rows: [Int], values: Tensor)]

  /// The report as words, which `init(reading:)` takes in this order.
  func append(to words: inout [UInt32]) {
    words.append(loss.bitPattern)
    words.append(UInt32(counts.count))
    for count in counts {
      words += [UInt32(truncatingIfNeeded: count.bitPattern), UInt32(truncatingIfNeeded: count.bitPattern >> 32)]
    }
    words.append(UInt32(state.tensors.count))
    for tensor in state.tensors { Self.append(tensor, to: &words) }
    for parts in [state.gained, tables] {
      words.append(UInt32(parts.count))
      for (rows, values) in parts {
        words.append(UInt32(rows.count))
        words.append(contentsOf: rows.lazy.map { UInt32($0) })
        Self.append(values, to: &words)
      }
    }
  }

  private static func append(_ tensor: Tensor, to words: inout [UInt32]) {
    words.append(UInt32(tensor.shape.count))
    words.append(contentsOf: tensor.shape.lazy.map { UInt32($0) })
    tensor.withValues { words.append(contentsOf: $0.lazy.map(\.bitPattern)) }
  }

  /// The next report of words that `append(to:)` made.
  init(reading words: inout ArraySlice<UInt32>) {
    func next() -> Int { Int(words.removeFirst()) }
    func take(_ count: Int) -> ArraySlice<UInt32> {
      defer { words = words.dropFirst(count) }
      return words.prefix(count)
    }
    func tensor() -> Tensor {
      let shape = take(next()).map { Int($0) }
      return Tensor(take(shape.reduce(1, *)).map(Float.init(bitPattern:)), shape: shape)
    }
    loss = Float(bitPattern: words.removeFirst())
    counts = (0..<next()).map { _ in
      let halves = Array(take(2))
      return Double(bitPattern: UInt64(halves[0]) | UInt64(halves[1]) << 32)
    }
    func parts() -> [(rows: [Int], values: Tensor)] {
      (0..<next()).map { _ in
        let rows = take(next()).map { Int($0) }
        return (rows, tensor())
      }
    }
    state = LaneState(tensors: (0..<next()).map { _ in tensor() }, gained: parts())
    tables = parts()
  }

  /// - Parameters: See the properties.
  init(loss: Float, counts: [Double], state: LaneState, tables: [(rows: [Int], values: Tensor)]) {
    (self.loss, self.counts, self.state, self.tables) = (loss, counts, state, tables)
  }
}
