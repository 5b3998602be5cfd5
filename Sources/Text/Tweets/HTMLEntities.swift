/// Replaces HTML entities by their characters, as NLTK's `_replace_html_entities` does.
///
/// An entity is `&(#?(x?))([^&;\s]+);`: a name, `#` and a number as Python's `int` reads it, or `#x` (also a lone
/// `x`) and a hexadecimal number. 0x80 to 0x9F mean Windows-1252. What names no character disappears.
///
/// Two things differ from NLTK, where it has no answer that UTF-8 or JSON could carry: NUL and surrogates become
/// U+FFFD (which is tokenized alike), and a number beyond the range of a C int disappears like any other illegal
/// one (NLTK raises OverflowError).
enum HTMLEntities {
  /// Appends `text` to `output` with its entities replaced.
  static func replace(in text: Bytes, to output: inout RewrittenText.Output) {
    var copied = 0
    var index = 0
    while true {
      index = text.index(of: UInt8(ascii: "&"), or: UInt8(ascii: "&"), from: index)
      guard index < text.count else { break }
      var end = index + 1
      while end < text.count, text[end] != UInt8(ascii: "&"), text[end] != UInt8(ascii: ";") {
        let (sets, length) = text.sets(at: end)
        if sets.contains(.space) { break }
        end += length
      }
      if end > index + 1, end < text.count, text[end] == UInt8(ascii: ";") {
        output.append(text, copied, index)
        if let scalar = character(of: text.slice(index + 1, end)) {
          output.append(scalar: scalar, from: index..<end + 1)
        }
        copied = end + 1
      }
      index = max(index + 1, copied, end)
    }
    output.append(text, copied, text.count)
  }

  /// The character that the text between `&` and `;` stands for.
  private static func character(of body: Bytes) -> UInt32? {
    var digits = 0
    if body.count > 1, body[0] == UInt8(ascii: "#") { digits = 1 }
    let isHexadecimal = body.count > digits + 1 && body[digits] == UInt8(ascii: "x")
    if isHexadecimal { digits += 1 }
    if digits == 0 {
      // Names are ASCII; Swift would take some other characters for equal to ASCII ones.
      return body.allSatisfy { $0 < 0x80 } ? htmlEntityNames[String(decoding: body, as: UTF8.self)] : nil
    }
    let number = body.slice(digits, body.count)
    guard let value = integer(number, radix: isHexadecimal ? 16 : 10), value <= 0x10ffff else { return nil }
    switch value {
    case 0, 0xd800...0xdfff: return 0xfffd
    case 0x80...0x9f: return windows1252[Int(value - 0x80)]
    default: return value
    }
  }

  /// A number as Python's `int(text, radix)` reads it: a sign, `0x`, single
  /// underscores between digits, and digits of any script. Nil when it is none, or negative; large values saturate.
  private static func integer(_ text: Bytes, radix: UInt32) -> UInt32? {
    var start = 0
    let end = text.count
    let isNegative = start < end && text[start] == UInt8(ascii: "-")
    if start < end, isNegative || text[start] == UInt8(ascii: "+") { start += 1 }
    if radix == 16, end - start >= 2, text[start] == UInt8(ascii: "0"), text[start + 1] | 0x20 == UInt8(ascii: "x") {
      start += 2
      if start < end, text[start] == UInt8(ascii: "_") { start += 1 }
    }
    guard start < end else { return nil }
    var value: UInt32 = 0
    var mayBeUnderscore = false
    while start < end {
      let (scalar, length) = text.scalar(at: start)
      start += length
      if scalar == 0x5f {
        guard mayBeUnderscore, start < end else { return nil }
        mayBeUnderscore = false
        continue
      }
      guard let digit = digitValue(scalar), digit < radix else { return nil }
      value = min(value * radix + digit, 0x20_0000)
      mayBeUnderscore = true
    }
    return isNegative && value > 0 ? nil : value
  }

  private static func digitValue(_ scalar: UInt32) -> UInt32? {
    switch scalar {
    case 0x30...0x39: return scalar - 0x30
    case 0x41...0x46: return scalar - 0x41 + 10
    case 0x61...0x66: return scalar - 0x61 + 10
    case 0..<0x80: return nil
    default:
      guard UnicodeTables.holds(UnicodeTables.digit, scalar) else { return nil }
      // Ranges are made of runs of ten that start at zero.
      let first = UnicodeTables.digit.enumerated().last { $0.offset % 2 == 0 && $0.element <= scalar }!.element
      return (scalar - first) % 10
    }
  }

  private static let windows1252: [UInt32?] = [
    0x20ac, nil, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, nil,
    0x017d, nil, nil, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
    0x0153, nil, 0x017e, 0x0178,
  ]
}
