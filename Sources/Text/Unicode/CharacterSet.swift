/// The sets of characters that the patterns of NLTK's TweetTokenizer are made of.
///
/// The patterns ignore case, and under Unicode's simple case folding `[a-z]` then also holds `İ`, `ſ` and the
/// Kelvin sign: they are in `latin` here for that reason.
struct CharacterSet: OptionSet {
  let rawValue: UInt16

  /// `\s`: white space of the regex module.
  static let space = CharacterSet(rawValue: 1 << 0)
  /// `\d`: decimal digits of any script.
  static let digit = CharacterSet(rawValue: 1 << 1)
  /// `[^\W\d_]`: what is in a word and neither digit nor underscore.
  static let letter = CharacterSet(rawValue: 1 << 2)
  /// `_`
  static let underscore = CharacterSet(rawValue: 1 << 3)
  /// `[a-z]`
  static let latin = CharacterSet(rawValue: 1 << 4)
  /// `[0-9]`
  static let asciiDigit = CharacterSet(rawValue: 1 << 5)
  /// `[.\-]`, which join the parts of a domain.
  static let dotOrDash = CharacterSet(rawValue: 1 << 6)
  /// `['\-]`, which with letters and `_` stand inside a word.
  static let apostropheOrDash = CharacterSet(rawValue: 1 << 7)
  /// `[.+-]`, which with `\w` make the part of an e-mail address before the @.
  static let dotPlusDash = CharacterSet(rawValue: 1 << 8)
  /// ``[^\s()<>{}\[\]]``: what a URL runs over.
  static let urlBody = CharacterSet(rawValue: 1 << 9)
  /// ``[^\s`!()\[\]{};:'".,<>?«»“”‘’]``: what a URL may end with.
  static let urlEnd = CharacterSet(rawValue: 1 << 10)
  /// `[ *\-.\)]`, which separate the groups of a phone number.
  static let phoneSeparator = CharacterSet(rawValue: 1 << 11)

  /// `\w`
  static let word: CharacterSet = [.digit, .letter, .underscore]
  /// `[a-z0-9]`
  static let domain: CharacterSet = [.latin, .asciiDigit]

  @inline(__always)
  func meets(_ other: CharacterSet) -> Bool { rawValue & other.rawValue != 0 }

  /// The sets that hold an ASCII character.
  @inline(__always)
  static func ofASCII(_ byte: UInt8) -> CharacterSet { CharacterSet(rawValue: ascii[Int(byte)]) }

  /// What `definition` gives for each code. A table that the compiler knows needs no check whether it is there already.
  private static let ascii: [UInt16] = [
    1536, 1536, 1536, 1536, 1536, 1536, 1536, 1536, 1536, 1, 1, 1, 1, 1, 1536, 1536,
    1536, 1536, 1536, 1536, 1536, 1536, 1536, 1536, 1536, 1536, 1536, 1536, 1536, 1536, 1536, 1536,
    2049, 512, 512, 1536, 1536, 1536, 1536, 640, 0, 2048, 3584, 1792, 512, 4032, 2880, 1536,
    1570, 1570, 1570, 1570, 1570, 1570, 1570, 1570, 1570, 1570, 512, 512, 0, 1536, 0, 512,
    1536, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556,
    1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 0, 1536, 0, 1536, 1544,
    512, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556,
    1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 1556, 0, 1536, 0, 1536, 1536,
  ]

  /// Whether the table is as defined.
  static var isAsDefined: Bool { (0..<128).allSatisfy { ofASCII($0) == definition(of: $0) } }

  /// The sets that hold an ASCII character.
  private static func definition(of byte: UInt8) -> CharacterSet {
    var sets: CharacterSet = []
    switch byte {
    case 0x09...0x0d, " ": sets = .space
    case 0x30...0x39: sets = [.digit, .asciiDigit]
    case 0x41...0x5a, 0x61...0x7a: sets = [.letter, .latin]
    case "_": sets = .underscore
    case ".": sets = [.dotOrDash, .dotPlusDash, .phoneSeparator]
    case "-": sets = [.dotOrDash, .apostropheOrDash, .dotPlusDash, .phoneSeparator]
    case "'": sets = .apostropheOrDash
    case "+": sets = .dotPlusDash
    default: break
    }
    if [UInt8(ascii: " "), UInt8(ascii: "*"), UInt8(ascii: ")")].contains(byte) { sets.insert(.phoneSeparator) }
    if !sets.contains(.space) {
      if !"()<>{}[]".utf8.contains(byte) { sets.insert(.urlBody) }
      if !"`!()[]{};:'\".,<>?".utf8.contains(byte) { sets.insert(.urlEnd) }
    }
    return sets
  }

  /// The sets that hold a character beyond ASCII.
  @inline(never)
  static func beyondASCII(_ scalar: UInt32) -> CharacterSet {
    switch scalar {
    case 0x85, 0xa0, 0x1680, 0x2000...0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000:
      return .space
    case 0xab, 0xbb, 0x201c, 0x201d, 0x2018, 0x2019:
      return .urlBody
    case 0x130, 0x17f, 0x212a:
      return [.letter, .latin, .urlBody, .urlEnd]
    default:
      var sets: CharacterSet = [.urlBody, .urlEnd]
      if UnicodeTables.holds(UnicodeTables.word, scalar) {
        sets.insert(UnicodeTables.holds(UnicodeTables.digit, scalar) ? .digit : .letter)
      }
      return sets
    }
  }
}

extension CharacterSet {
  /// Whether Python's `str.isspace` says so.
  static func isSpace(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09...0x0d, 0x1c...0x20: true
    case 0..<0x80: false
    default: beyondASCII(scalar) == .space
    }
  }
}

extension UnicodeTables {
  /// Whether a table of inclusive ranges holds a character, by bisection.
  static func holds(_ table: [UInt32], _ scalar: UInt32) -> Bool {
    var low = 0
    var high = table.count / 2
    while low < high {
      let middle = (low + high) / 2
      if table[2 * middle + 1] < scalar { low = middle + 1 } else { high = middle }
    }
    return 2 * low < table.count && table[2 * low] <= scalar
  }
}
