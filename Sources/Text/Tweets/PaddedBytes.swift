/// Reading of texts that zeros stand behind (`RewrittenText.padding`), eight bytes at a time.
extension UnsafeBufferPointer where Element == UInt8 {
  private static var ones: UInt64 { 0x0101_0101_0101_0101 }
  private static var tops: UInt64 { 0x8080_8080_8080_8080 }

  /// The index of the first of two ASCII characters at or behind `start`; `count` when there is none.
  @inline(__always)
  func index(of one: UInt8, or other: UInt8, from start: Int) -> Int {
    var index = start
    while index < count {
      let word = UnsafeRawPointer(baseAddress! + index).loadUnaligned(as: UInt64.self)
      // The lowest top bit that is set is that of the first byte which is zero then.
      let (first, second) = (word ^ Self.ones &* UInt64(one), word ^ Self.ones &* UInt64(other))
      let found = ((first &- Self.ones) & ~first | (second &- Self.ones) & ~second) & Self.tops
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    return count
  }

  /// Where the run of ASCII letters that starts at `start` ends, found eight bytes at a time. Zeros stand behind the text.
  @inline(__always)
  func letterRunEnd(from start: Int) -> Int {
    let (ones, tops) = (Self.ones, Self.tops)
    var index = start
    while true {
      let word = UnsafeRawPointer(baseAddress! + index).loadUnaligned(as: UInt64.self)
      // The top bit of a byte is set where the other seven, as a small letter, are at least a, and beyond z.
      let small = (word | ones &* 0x20) & ~tops
      let letters = (small &+ ones &* (0x80 - 0x61)) & ~(small &+ ones &* (0x80 - 0x7b)) & ~word & tops
      if letters != tops { return index + (letters ^ tops).trailingZeroBitCount / 8 }
      index += 8
    }
  }

  /// The byte at an index that may be behind the end.
  @inline(__always)
  subscript(unchecked index: Int) -> UInt8 { baseAddress![index] }
}
