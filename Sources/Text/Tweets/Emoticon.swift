/// ASCII emoticons, forwards `>:-)`, backwards `(-:<`, and the heart `<3`, from NLTK 3.6.3 on also broken, `</3`.
///
/// Source: nltk.tokenize.casual (NLTK 3.5 and 3.10.4), `EMOTICONS`, case ignored.
enum Emoticon {
  /// Where the emoticon that starts at `start` ends, or nil.
  static func end(at start: Int, in text: Bytes, _ rules: TweetRules) -> Int? {
    func has(_ role: Role, _ index: Int) -> Bool {
      index < text.count && text[index] < 0x80 && roles[Int(text[index])].contains(role)
    }
    guard has(.start, start) else { return nil }
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
    return rules.heartMayBeBroken && text.has("</3", at: start) ? start + 3 : nil
  }

  /// Whether an emoticon stands anywhere in `text`. Such tokens keep their case, `:D` and `http://` alike.
  static func isFound(in text: Bytes, _ rules: TweetRules) -> Bool {
    for index in text.indices where end(at: index, in: text, rules) != nil { return true }
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

  private static let roles: [Role] = (0..<128).map { code in
    let character = Unicode.Scalar(UInt8(code))
    var roles: Role = []
    if "<>".unicodeScalars.contains(character) { roles.formUnion([.hat, .start]) }
    if ":;=8".unicodeScalars.contains(character) { roles.formUnion([.eyes, .start]) }
    if "-oO*'".unicodeScalars.contains(character) { roles.insert(.nose) }
    if ")]([dDpP/:}{@|\\".unicodeScalars.contains(character) { roles.formUnion([.mouth, .start]) }
    return roles
  }
}
