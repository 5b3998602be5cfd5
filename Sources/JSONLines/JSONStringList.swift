import Files

/// A JSON list of strings that is being written: `["a","b"]`. Kept and refilled from record to record; a string costs one
/// look at whether there is room, not one for each of its quotes and for its comma.
public struct JSONStringList {
  private var room = [UInt8](repeating: 0, count: 1 << 10)
  /// How many bytes are written: an open bracket, the strings, and a comma behind each.
  private var count = 1

  /// An empty list.
  public init() { room[0] = UInt8(ascii: "[") }

  /// Forgets the strings.
  public mutating func removeAll() { count = 1 }

  /// Adds a string.
  public mutating func append(_ text: Bytes) {
    reserve(text.count + 3)
    let isPlain = room.withUnsafeMutableBufferPointer { room in
      let quoted = room.baseAddress! + count
      quoted[0] = UInt8(ascii: "\"")
      if let start = text.baseAddress { (quoted + 1).update(from: start, count: text.count) }
      quoted[text.count + 1] = UInt8(ascii: "\"")
      quoted[text.count + 2] = UInt8(ascii: ",")
      return Self.plainCount(at: quoted + 1) == text.count
    }
    if isPlain { count += text.count + 3 } else { appendEscaped(text) }
  }

  /// How many bytes stand before the first quote, backslash or control character: one is there.
  @inline(__always)
  private static func plainCount(at start: UnsafePointer<UInt8>) -> Int {
    let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    var index = 0
    while true {
      let word = UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self)
      let (quotes, slashes) = (word ^ (ones &* UInt64(UInt8(ascii: "\""))), word ^ (ones &* UInt64(UInt8(ascii: "\\"))))
      // The lowest top bit that is set is that of the first such byte.
      let found = ((quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes | (word &- ones &* 0x20) & ~word) & tops
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
  }

  @inline(never)
  private mutating func appendEscaped(_ text: Bytes) {
    var quoted: [UInt8] = []
    quoted.appendJSON(text)
    quoted.append(UInt8(ascii: ","))
    reserve(quoted.count)
    room.replaceSubrange(count..<count + quoted.count, with: quoted)
    count += quoted.count
  }

  /// Makes room for so many bytes, and for the seven behind them that are looked at with the last one.
  private mutating func reserve(_ added: Int) {
    let needed = count + added + 7
    if room.count < needed { room.append(contentsOf: repeatElement(0, count: needed)) }
  }

  /// Appends the list to `output`.
  public func append(to output: inout [UInt8]) {
    // A bracket takes the place of the last comma.
    room.withUnsafeBufferPointer { output.append(contentsOf: Bytes(rebasing: $0[..<max(1, count - 1)])) }
    output.append(UInt8(ascii: "]"))
  }
}
