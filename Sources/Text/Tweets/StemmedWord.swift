/// A word whose endings are cut off and changed in place, with a byte for each character. Characters beyond ASCII are
/// consonants that no rule names, so 0x80 or 0x81 stands for them: the same one twice for a character that comes twice.
///
/// In the conditions, *m* is the number of vowel-consonant groups of the stem, *v* "holds a vowel", *d* "ends with a
/// double consonant", *o* "ends consonant, vowel, consonant other than w, x, y". Every character beyond the five
/// vowels and y is a consonant, whatever its script.
struct StemmedWord {
  /// How many zeros stand in front of the letters, so that the last eight can always be looked at.
  static let lead = 8

  private let letters: UnsafeMutablePointer<UInt8>
  /// The number of characters.
  private(set) var count = 0

  /// A word of ASCII characters in its place, `lead` zeros in front of it.
  init(ascii word: UnsafeMutableBufferPointer<UInt8>) { (letters, count) = (word.baseAddress!, word.count) }

  /// The letters of `text`, put into `room`, which holds as many bytes and `lead` more.
  init(_ text: Bytes, in room: UnsafeMutableBufferPointer<UInt8>) {
    letters = room.baseAddress! + Self.lead
    var (index, last) = (0, 0 as UInt32)
    while index < text.count {
      let (scalar, length) = text.scalar(at: index)
      if scalar < 0x80 {
        letters[count] = UInt8(scalar)
      } else if scalar == last {
        letters[count] = letters[count - 1]
      } else {
        letters[count] = last >= 0x80 && letters[count - 1] == 0x80 ? 0x81 : 0x80
      }
      last = scalar
      count += 1
      index += length
    }
  }

  /// Appends the word to `output`, with the characters beyond ASCII as they stand in the text that it was made of.
  func append(to output: inout [UInt8], insteadOf text: Bytes) {
    let word = Bytes(start: letters, count: count)
    guard word.contains(where: { $0 >= 0x80 }) else { return output.append(contentsOf: word) }
    var index = 0
    for letter in word {
      let length = text.scalar(at: index).length
      if letter < 0x80 { output.append(letter) } else { output.append(contentsOf: text.slice(index, index + length)) }
      index += length
    }
  }

  /// All steps.
  mutating func cut() {
    step1a()
    step1b()
    step1c()
    step2()
    apply(step3Rules) { $0.measure($1) > 0 }
    step4()
    step5a()
    step5b()
  }

  /// Plurals.
  private mutating func step1a() {
    if ends(with: "ies"), count == 4 { return replace("ies", "ie") }  // dies → die, but flies → fli
    apply(step1aRules) { _, _ in true }
  }

  /// Past tense and the gerund.
  private mutating func step1b() {
    if ends(with: "ied") { return replace("ied", count == 4 ? "ie" : "i") }
    if ends(with: "eed") {
      if measure(count - 3) > 0 { count -= 1 }
      return
    }
    let suffixLength = ends(with: "ed") ? 2 : ends(with: "ing") ? 3 : 0
    guard suffixLength > 0, hasVowel(count - suffixLength) else { return }
    count -= suffixLength

    for rule in step1bRules where ending & rule.mask == rule.suffix {
      return replace(rule.length, rule.replacement)
    }
    let last = letters[count - 1]
    // NLTK writes the double consonant as a rule for the suffix "*d", which those two characters meet as well.
    if endsWithDoubleConsonant || ends(with: "*d") {
      if last != 0x6c, last != 0x73, last != 0x7a {  // l, s, z
        letters[count - 2] = last
        count -= 1
      }
      return
    }
    if measure(count) == 1, endsWithShortSyllable(count) { append("e") }
  }

  /// y after a consonant becomes i, unless only one letter would stand before it.
  private mutating func step1c() {
    if ends(with: "y"), count > 2, isConsonant(count - 2) { replace("y", "i") }
  }

  private mutating func step2() {
    // alli goes first, and what it leaves goes through the step once more.
    while ends(with: "alli"), measure(count - 4) > 0 { replace("alli", "al") }
    apply(step2Rules) { word, length in
      // The l of logi counts with the stem, so that geo- and theo- work like archaeo-.
      word.measure(word.ends(with: "logi") ? length + 1 : length) > 0
    }
  }

  private mutating func step4() {
    apply(step4Rules) { word, length in
      guard word.measure(length) > 1 else { return false }
      guard word.ends(with: "ion") else { return true }
      return word.letters[length - 1] == 0x73 || word.letters[length - 1] == 0x74  // s, t
    }
  }

  private mutating func step5a() {
    guard ends(with: "e") else { return }
    let length = count - 1
    let m = measure(length)
    if m > 1 || (m == 1 && !endsWithShortSyllable(length)) { count -= 1 }
  }

  private mutating func step5b() {
    if ends(with: "ll"), measure(count - 1) > 1 { count -= 1 }
  }

  /// An ending, as the last bytes of a big-endian number, and what takes its place.
  struct Rule {
    let suffix: UInt64, mask: UInt64
    let length: Int
    let replacement: StaticString
    init(_ suffix: StaticString, _ replacement: StaticString) {
      self.suffix = StemmedWord.number(suffix)
      length = suffix.utf8CodeUnitCount
      mask = (1 << UInt64(8 * length)) - 1
      self.replacement = replacement
    }
  }

  /// Applies the first rule whose suffix the word has, if its condition holds for the stem's length; later rules are
  /// not tried either way.
  private mutating func apply(_ rules: [Rule], if condition: (StemmedWord, Int) -> Bool) {
    let ending = ending
    for rule in rules where ending & rule.mask == rule.suffix {
      if condition(self, count - rule.length) { replace(rule.length, rule.replacement) }
      return
    }
  }

  private mutating func replace(_ suffix: StaticString, _ replacement: StaticString) {
    replace(suffix.utf8CodeUnitCount, replacement)
  }

  private mutating func replace(_ length: Int, _ replacement: StaticString) {
    count -= length
    append(replacement)
  }

  /// The word never gets longer than it was.
  private mutating func append(_ ending: StaticString) {
    for index in 0..<ending.utf8CodeUnitCount { letters[count + index] = ending.utf8Start[index] }
    count += ending.utf8CodeUnitCount
  }

  /// The last eight letters, the last one lowest.
  private var ending: UInt64 {
    UInt64(bigEndian: UnsafeRawPointer(letters + count - Self.lead).loadUnaligned(as: UInt64.self))
  }

  @inline(__always)
  private static func number(_ suffix: StaticString) -> UInt64 {
    var number: UInt64 = 0
    for index in 0..<suffix.utf8CodeUnitCount { number = number << 8 | UInt64(suffix.utf8Start[index]) }
    return number
  }

  @inline(__always)
  private func ends(with suffix: StaticString) -> Bool {
    ending & ((1 << UInt64(8 * suffix.utf8CodeUnitCount)) - 1) == Self.number(suffix)
  }

  /// A letter is a consonant unless it is a vowel, or a y behind a consonant.
  private func isConsonant(_ index: Int) -> Bool {
    var first = index
    while first > 0, letters[first] == 0x79 { first -= 1 }  // back over a run of y
    let isConsonant = !isVowel(letters[first])
    return (index - first).isMultiple(of: 2) ? isConsonant : !isConsonant
  }

  private func isVowel(_ letter: UInt8) -> Bool {
    switch letter {
    case 0x61, 0x65, 0x69, 0x6f, 0x75: true
    default: false
    }
  }

  /// *m* of the first `length` letters.
  private func measure(_ length: Int) -> Int {
    var groups = 0
    var wasVowel = false
    for index in 0..<max(length, 0) {
      // y is the opposite of what went before; the first letter of a word has nothing before it.
      let isVowel = letters[index] == 0x79 ? index > 0 && !wasVowel : isVowel(letters[index])
      if wasVowel, !isVowel { groups += 1 }
      wasVowel = isVowel
    }
    return groups
  }

  private func hasVowel(_ length: Int) -> Bool {
    for index in 0..<length where isVowel(letters[index]) || (letters[index] == 0x79 && index > 0) { return true }
    return false
  }

  private var endsWithDoubleConsonant: Bool {
    count >= 2 && letters[count - 1] == letters[count - 2] && isConsonant(count - 1)
  }

  /// *o* of the first `length` letters; NLTK adds words of one vowel and one consonant.
  private func endsWithShortSyllable(_ length: Int) -> Bool {
    if length == 2 { return !isConsonant(0) && isConsonant(1) }
    guard length >= 3, isConsonant(length - 3), !isConsonant(length - 2), isConsonant(length - 1)
    else { return false }
    switch letters[length - 1] {
    case 0x77, 0x78, 0x79: return false  // w, x, y
    default: return true
    }
  }
}

private let step1aRules: [StemmedWord.Rule] = [
  .init("sses", "ss"), .init("ies", "i"), .init("ss", "ss"), .init("s", ""),
]

private let step1bRules: [StemmedWord.Rule] = [.init("at", "ate"), .init("bl", "ble"), .init("iz", "ize")]

private let step2Rules: [StemmedWord.Rule] = [
  .init("ational", "ate"), .init("tional", "tion"), .init("enci", "ence"), .init("anci", "ance"),
  .init("izer", "ize"), .init("bli", "ble"), .init("alli", "al"), .init("entli", "ent"), .init("eli", "e"),
  .init("ousli", "ous"), .init("ization", "ize"), .init("ation", "ate"), .init("ator", "ate"),
  .init("alism", "al"), .init("iveness", "ive"), .init("fulness", "ful"), .init("ousness", "ous"),
  .init("aliti", "al"), .init("iviti", "ive"), .init("biliti", "ble"), .init("fulli", "ful"),
  .init("logi", "log"),
]

private let step3Rules: [StemmedWord.Rule] = [
  .init("icate", "ic"), .init("ative", ""), .init("alize", "al"), .init("iciti", "ic"), .init("ical", "ic"),
  .init("ful", ""), .init("ness", ""),
]

private let step4Rules: [StemmedWord.Rule] = [
  "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
  "ous", "ive", "ize",
].map { .init($0, "") }
