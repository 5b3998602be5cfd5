/// ASCII emoticons, forwards `>:-)`, backwards `(-:<`, and the heart `<3`, from NLTK 3.6.3 on also broken, `</3`.
///
/// Source: nltk.tokenize.casual (NLTK 3.5 and 3.10.4), `EMOTICONS`, case ignored.
enum Emoticon {
  /// Where the emoticon that starts at `start` ends, or nil.
  @inline(__always)
  static func end(at start: Int, in text: Bytes, heartMayBeBroken: Bool) -> Int? {
    mayBegin(with: text[start]) ? longEnd(at: start, in: text, heartMayBeBroken) : nil
  }

  /// Whether there are emoticons that begin with a character's first byte.
  @inline(__always)
  static func mayBegin(with byte: UInt8) -> Bool { byte < 0x80 && Role(rawValue: roles[Int(byte)]).contains(.start) }

  @inline(never)
  private static func longEnd(at start: Int, in text: Bytes, _ heartMayBeBroken: Bool) -> Int? {
    func has(_ role: Role, _ index: Int) -> Bool {
      index < text.count && text[index] < 0x80 && Role(rawValue: roles[Int(text[index])]).contains(role)
    }
    // [<>]? eyes nose? mouth
    var index = has(.hat, start) ? start + 1 : start
    if has(.eyes, index) {
      index += 1
      if has(.nose, index) { index += 1 }
      if has(.mouth, index) { return index + 1 }
    }
    // mouth nose? eyes [<>]?
    if has(.mouth, start) {
      index = start + 1
      if has(.nose, index) { index += 1 }
      if has(.eyes, index) { return has(.hat, index + 1) ? index + 2 : index + 1 }
    }
    if text.has("<3", at: start) { return start + 2 }
    return heartMayBeBroken && text.has("</3", at: start) ? start + 3 : nil
  }

  /// Whether an emoticon stands anywhere in `text`. Such tokens keep their case, `:D` and `http://` alike.
  static func isFound(in text: Bytes, _ rules: TweetRules) -> Bool {
    // All have eyes, or are a heart.
    guard text.contains(where: { $0 < 0x80 && Role(rawValue: roles[Int($0)]).contains(.eyes) || $0 == 0x3c }) else {
      return false
    }
    for index in text.indices where end(at: index, in: text, heartMayBeBroken: rules.heartMayBeBroken) != nil {
      return true
    }
    return false
  }

  private struct Role: OptionSet {
    let rawValue: UInt8
    static let hat = Role(rawValue: 1)
    static let eyes = Role(rawValue: 2)
    static let nose = Role(rawValue: 4)
    static let mouth = Role(rawValue: 8)
    static let start = Role(rawValue: 16)
  }

  /// What `definition` gives for each code.
  private static let roles: [UInt8] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 4, 24, 24, 4, 0, 0, 4, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 18, 0, 26, 18, 17, 18, 17, 0,
    24, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 24, 24, 24, 0, 0,
    0, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 24, 24, 24, 0, 0,
  ]

  /// Whether the table is as defined.
  static var isAsDefined: Bool { (0..<128).allSatisfy { roles[Int($0)] == definition(of: $0).rawValue } }

  /// The roles of an ASCII character.
  private static func definition(of byte: UInt8) -> Role {
    let character = Unicode.Scalar(byte)
    var roles: Role = []
    if "<>".unicodeScalars.contains(character) { roles.formUnion([.hat, .start]) }
    if ":;=8".unicodeScalars.contains(character) { roles.formUnion([.eyes, .start]) }
    if "-oO*'".unicodeScalars.contains(character) { roles.insert(.nose) }
    if ")]([dDpP/:}{@|\\".unicodeScalars.contains(character) { roles.formUnion([.mouth, .start]) }
    return roles
  }
}
