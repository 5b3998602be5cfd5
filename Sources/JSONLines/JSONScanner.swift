import Files

/// Reads through a JSON text and notes where an object's members stand, ten times as fast as Jansson builds values.
///
/// It is what decides whether a text is JSON (RFC 8259): all text passes it before Jansson sees it. Beyond the grammar
/// it refuses what nothing here could carry: NUL characters, also escaped ones, surrogates alone, bytes that are not
/// UTF-8, and values nested deeper than `deepest`. Numbers may have any size and any number of digits.
struct JSONScanner {
  /// A member of the object.
  struct Member {
    /// The bytes between the key's quotes.
    let key: Range<Int>
    let value: Range<Int>
    /// Whether the key has escapes, and so is not its bytes.
    let keyHasEscapes: Bool
    /// Whether a string in the value has escapes.
    let hasEscapes: Bool
  }

  /// How deep values may be nested, the outermost counted: as deep as Jansson reads them.
  static let deepest = 2048

  private let text: Bytes
  /// The index reached; of a text that is refused, about where it goes wrong.
  private(set) var index = 0
  private var hasEscapes = false

  init(_ text: Bytes) { self.text = text }

  /// The members of the object that the text is, in their order; nil when it is none.
  mutating func members() -> [Member]? {
    var members: [Member] = []
    members.reserveCapacity(8)
    skipSpace()
    guard take(UInt8(ascii: "{")) else { return nil }
    skipSpace()
    if !take(UInt8(ascii: "}")) {
      repeat {
        skipSpace()
        let start = index + 1
        hasEscapes = false
        guard skipString() else { return nil }
        let (key, keyHasEscapes) = (start..<index - 1, hasEscapes)
        hasEscapes = false
        skipSpace()
        guard take(UInt8(ascii: ":")) else { return nil }
        skipSpace()
        let value = index
        guard skipValue(depth: 2) else { return nil }
        members.append(Member(key: key, value: value..<index, keyHasEscapes: keyHasEscapes, hasEscapes: hasEscapes))
        skipSpace()
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "}")) else { return nil }
    }
    skipSpace()
    return index == text.count ? members : nil
  }

  /// Whether the text is one value of any kind.
  mutating func isValue() -> Bool {
    skipSpace()
    guard skipValue(depth: 1) else { return false }
    skipSpace()
    return index == text.count
  }

  /// The byte at the index reached; 0, which JSON has no use for, behind the end.
  private var byte: UInt8 { index < text.count ? text[index] : 0 }

  private mutating func take(_ expected: UInt8) -> Bool {
    guard byte == expected else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a { index += 1 }  // " ", \t, \r, \n
  }

  private mutating func skipValue(depth: Int) -> Bool {
    guard depth <= Self.deepest else { return false }
    switch byte {
    case UInt8(ascii: "\""): return skipString()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return skipNumber()
    case UInt8(ascii: "["): return skipList(depth: depth + 1)
    case UInt8(ascii: "{"): return skipObject(depth: depth + 1)
    case UInt8(ascii: "t"): return skip("true")
    case UInt8(ascii: "f"): return skip("false")
    case UInt8(ascii: "n"): return skip("null")
    default: return false
    }
  }

  private mutating func skipList(depth: Int) -> Bool {
    index += 1
    skipSpace()
    if take(UInt8(ascii: "]")) { return true }
    repeat {
      skipSpace()
      guard skipValue(depth: depth) else { return false }
      skipSpace()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]"))
  }

  private mutating func skipObject(depth: Int) -> Bool {
    index += 1
    skipSpace()
    if take(UInt8(ascii: "}")) { return true }
    repeat {
      skipSpace()
      guard byte == UInt8(ascii: "\""), skipString() else { return false }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { return false }
      skipSpace()
      guard skipValue(depth: depth) else { return false }
      skipSpace()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}"))
  }

  private mutating func skip(_ word: StaticString) -> Bool {
    guard index + word.utf8CodeUnitCount <= text.count else { return false }
    for offset in 0..<word.utf8CodeUnitCount where text[index + offset] != word.utf8Start[offset] { return false }
    index += word.utf8CodeUnitCount
    return true
  }

  private mutating func skipNumber() -> Bool {
    if byte == UInt8(ascii: "-") { index += 1 }
    if !take(UInt8(ascii: "0")) { guard skipDigits() > 0 else { return false } }
    if take(UInt8(ascii: ".")) { guard skipDigits() > 0 else { return false } }
    guard byte | 0x20 == UInt8(ascii: "e") else { return true }  // a bit makes a capital small
    index += 1
    if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { index += 1 }
    return skipDigits() > 0
  }

  private mutating func skipDigits() -> Int {
    let start = index
    while byte &- UInt8(ascii: "0") < 10 { index += 1 }
    return index - start
  }

  private mutating func skipString() -> Bool {
    guard take(UInt8(ascii: "\"")) else { return false }
    while true {
      index = text.endOfPlainText(from: index)
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return true
      case UInt8(ascii: "\\"): guard skipEscape() else { return false }
      case 0x80...: guard skipCharacter() else { return false }
      case 0x20...: index += 1
      default: return false
      }
    }
  }

  @inline(never)
  private mutating func skipEscape() -> Bool {
    hasEscapes = true
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      index += 1
      return true
    case UInt8(ascii: "u"):
      // Not NUL; a high surrogate with the low one behind it, and none alone.
      guard let unit = codeUnit(), unit != 0, !(0xdc00...0xdfff ~= unit) else { return false }
      guard 0xd800...0xdbff ~= unit else { return true }
      guard take(UInt8(ascii: "\\")), byte == UInt8(ascii: "u"), let low = codeUnit() else { return false }
      return 0xdc00...0xdfff ~= low
    default: return false
    }
  }

  /// The four hexadecimal digits behind a `u`.
  private mutating func codeUnit() -> Int? {
    index += 1
    var unit = 0
    for _ in 0..<4 {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      default: return nil
      }
      unit = unit << 4 | Int(digit)
      index += 1
    }
    return unit
  }

  /// A character of several bytes, as the Unicode Standard's table of well-formed sequences has them (3-7).
  @inline(never)
  private mutating func skipCharacter() -> Bool {
    let (second, more): (ClosedRange<UInt8>, Int)
    switch byte {
    case 0xc2...0xdf: (second, more) = (0x80...0xbf, 0)
    case 0xe0: (second, more) = (0xa0...0xbf, 1)
    case 0xed: (second, more) = (0x80...0x9f, 1)
    case 0xe1...0xef: (second, more) = (0x80...0xbf, 1)
    case 0xf0: (second, more) = (0x90...0xbf, 2)
    case 0xf1...0xf3: (second, more) = (0x80...0xbf, 2)
    case 0xf4: (second, more) = (0x80...0x8f, 2)
    default: return false
    }
    index += 1
    guard second ~= byte else { return false }
    index += 1
    for _ in 0..<more {
      guard 0x80...0xbf ~= byte else { return false }
      index += 1
    }
    return true
  }
}

extension Bytes {
  /// Goes on from `start` over ASCII characters that stand for themselves in a JSON string, eight at a time: to the
  /// first byte that is a quote, a backslash, a control character or no ASCII, or to an index less than eight bytes
  /// before the end.
  @inline(__always)
  func endOfPlainText(from start: Int) -> Int {
    let (ones, tops): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    var index = start
    while index + 8 <= count {
      let word = UnsafeRawPointer(baseAddress! + index).loadUnaligned(as: UInt64.self)
      // The top bit of a byte is set where it is one of those, or perhaps behind one.
      let (quotes, slashes) = (word ^ (ones &* UInt64(UInt8(ascii: "\""))), word ^ (ones &* UInt64(UInt8(ascii: "\\"))))
      let found = ((quotes &- ones) | (slashes &- ones) | (word &- ones &* 0x20) | word) & tops
      if found != 0 { return index + found.trailingZeroBitCount / 8 }
      index += 8
    }
    return index
  }
}
