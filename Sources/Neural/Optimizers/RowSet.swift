/// Rows of a table, each once and in order.
struct RowSet {
  let rows: [Int]
  /// A bit for every row up to the last, and how many are set before each word of them.
  private let bits: [UInt64]
  private let before: [Int32]

  /// The rows that occur in a list.
  init(_ list: [Int]) {
    var bits = [UInt64](repeating: 0, count: (list.max() ?? 0) / 64 + 1)
    for row in list { bits[row >> 6] |= 1 << UInt64(row & 63) }
    var (rows, before): ([Int], [Int32]) = ([], [])
    before.reserveCapacity(bits.count)
    for (index, word) in bits.enumerated() {
      before.append(Int32(rows.count))
      var remaining = word
      while remaining != 0 {
        rows.append(index << 6 | remaining.trailingZeroBitCount)
        remaining &= remaining - 1
      }
    }
    (self.rows, self.bits, self.before) = (rows, bits, before)
  }

  /// The index of a row among the rows.
  func index(of row: Int) -> Int {
    Int(before[row >> 6]) + (bits[row >> 6] & (1 << UInt64(row & 63) - 1)).nonzeroBitCount
  }
}
