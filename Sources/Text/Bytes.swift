/// A stretch of valid UTF-8. Text is handled as bytes throughout: most of it is ASCII, and a pipe carries bytes.
typealias Bytes = UnsafeBufferPointer<UInt8>

extension UnsafeBufferPointer where Element == UInt8 {
  /// The code point that starts at `index` and the number of bytes it takes. The bytes must be valid UTF-8.
  @inline(__always)
  func scalar(at index: Int) -> (value: UInt32, length: Int) {
    let lead = UInt32(self[index])
    if lead < 0x80 { return (lead, 1) }
    func trail(_ offset: Int) -> UInt32 { UInt32(self[index + offset]) & 0x3f }
    if lead < 0xe0 { return ((lead & 0x1f) << 6 | trail(1), 2) }
    if lead < 0xf0 { return ((lead & 0x0f) << 12 | trail(1) << 6 | trail(2), 3) }
    return ((lead & 0x07) << 18 | trail(1) << 12 | trail(2) << 6 | trail(3), 4)
  }

  /// Calls `body` with every code point of valid UTF-8.
  @inline(__always)
  func forEachScalar(_ body: (UInt32) -> Void) {
    var index = 0
    while index < count {
      let (scalar, length) = scalar(at: index)
      body(scalar)
      index += length
    }
  }

  /// The bytes from `start` up to `end`.
  @inline(__always)
  func slice(_ start: Int, _ end: Int) -> Bytes { Bytes(rebasing: self[start..<end]) }

  /// Whether the ASCII characters of `word` stand at `index`.
  @inline(__always)
  func has(_ word: StaticString, at index: Int) -> Bool {
    let length = word.utf8CodeUnitCount
    guard index >= 0, index + length <= count else { return false }
    for offset in 0..<length where self[index + offset] != word.utf8Start[offset] { return false }
    return true
  }

  /// The eight bytes from `start` on as a little-endian number; zeros behind the end.
  @inline(__always)
  func word(at start: Int) -> UInt64 {
    guard start < count else { return 0 }
    let bytes = UnsafeRawPointer(baseAddress! + start)
    let left = count - start
    if left >= 8 { return bytes.loadUnaligned(as: UInt64.self) }
    // Two halves that overlap.
    if left >= 4 {
      let last = UInt64(bytes.loadUnaligned(fromByteOffset: left - 4, as: UInt32.self))
      return UInt64(bytes.loadUnaligned(as: UInt32.self)) | last << UInt64(8 * (left - 4))
    }
    let (first, middle, last) = (UInt64(self[start]), UInt64(self[start + left / 2]), UInt64(self[start + left - 1]))
    return first | middle << UInt64(8 * (left / 2)) | last << UInt64(8 * (left - 1))
  }
}

extension [UInt8] {
  /// Appends an ASCII or UTF-8 literal.
  mutating func append(_ text: StaticString) {
    append(contentsOf: Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends the UTF-8 form of a code point that is not a surrogate.
  mutating func append(scalar value: UInt32) {
    switch value {
    case 0..<0x80:
      append(UInt8(value))
    case 0x80..<0x800:
      append(UInt8(0xc0 | value >> 6))
      append(UInt8(0x80 | value & 0x3f))
    case 0x800..<0x1_0000:
      append(UInt8(0xe0 | value >> 12))
      append(UInt8(0x80 | value >> 6 & 0x3f))
      append(UInt8(0x80 | value & 0x3f))
    default:
      append(UInt8(0xf0 | value >> 18))
      append(UInt8(0x80 | value >> 12 & 0x3f))
      append(UInt8(0x80 | value >> 6 & 0x3f))
      append(UInt8(0x80 | value & 0x3f))
    }
  }
}

extension UInt8 {
  /// Pattern matching against an ASCII character: `case "a":`.
  @inline(__always)
  static func ~= (pattern: Unicode.Scalar, byte: UInt8) -> Bool { UInt32(byte) == pattern.value }
}
