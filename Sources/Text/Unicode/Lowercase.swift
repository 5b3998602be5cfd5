/// Lower case as Python's `str.lower` gives it: the full mapping of Unicode 14 with the rule of the final sigma.
enum Lowercase {
  /// Appends the lower case of `text` to `output`.
  static func append(_ text: Bytes, to output: inout [UInt8]) {
    var index = 0
    while index < text.count {
      if text[index] < 0x80 {
        index = appendASCII(of: text, from: index, to: &output)
        continue
      }
      let (scalar, length) = text.scalar(at: index)
      switch scalar {
      case 0x130:  // İ becomes i and a combining dot above
        output.append(UInt8(ascii: "i"))
        output.append(scalar: 0x307)
      case 0x3a3:
        output.append(scalar: isFinalSigma(at: index, in: text) ? 0x3c2 : 0x3c3)
      default:
        output.append(scalar: of(scalar))
      }
      index += length
    }
  }

  /// Appends the lower case of the ASCII characters from `start` on; gives where they end.
  private static func appendASCII(of text: Bytes, from start: Int, to output: inout [UInt8]) -> Int {
    var end = start
    while end < text.count, text[end] < 0x80 { end += 1 }
    let first = output.count
    output.append(contentsOf: text.slice(start, end))
    output.withUnsafeMutableBufferPointer { lowerASCII(in: UnsafeMutableBufferPointer(rebasing: $0[first...])) }
    return end
  }

  /// Makes the capitals of ASCII small, in their place.
  @inline(__always)
  static func lowerASCII(in text: UnsafeMutableBufferPointer<UInt8>) {
    for index in text.indices where text[index] &- 0x41 < 26 { text[index] |= 0x20 }
  }

  /// The simple lower case of a character beyond ASCII.
  static func of(_ scalar: UInt32) -> UInt32 {
    let table = UnicodeTables.lowercase
    let value = Int32(bitPattern: scalar)
    var low = 0
    var high = table.count / 4
    while low < high {
      let middle = (low + high) / 2
      if table[4 * middle + 1] < value { low = middle + 1 } else { high = middle }
    }
    guard 4 * low < table.count, table[4 * low] <= value,
      (value - table[4 * low]) % table[4 * low + 2] == 0
    else { return scalar }
    return UInt32(bitPattern: value + table[4 * low + 3])
  }

  /// A capital sigma is final when a cased letter goes before it and none follows, whatever case-ignorable
  /// marks stand between (The Unicode Standard, section 3.13, Final_Sigma).
  private static func isFinalSigma(at index: Int, in text: Bytes) -> Bool {
    var before = index
    while before > 0 {
      before -= 1
      while text[before] & 0xc0 == 0x80 { before -= 1 }
      let scalar = text.scalar(at: before).value
      if isCaseIgnorable(scalar) { continue }
      if !isCased(scalar) { return false }
      var after = index + 2
      while after < text.count {
        let (scalar, length) = text.scalar(at: after)
        if !isCaseIgnorable(scalar) { return !isCased(scalar) }
        after += length
      }
      return true
    }
    return false
  }

  private static func isCased(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return CharacterSet.ofASCII(UInt8(scalar)).contains(.latin) }
    return UnicodeTables.holds(UnicodeTables.cased, scalar)
  }

  private static func isCaseIgnorable(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x27, 0x2e, 0x3a, 0x5e, 0x60: true  // ' . : ^ `
    case 0..<0x80: false
    default: UnicodeTables.holds(UnicodeTables.caseIgnorable, scalar)
    }
  }
}
