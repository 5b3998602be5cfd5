/// The Porter stemmer in NLTK's default mode: Martin Porter's algorithm with his later changes and NLTK's own.
///
/// In the conditions, *m* is the number of vowel-consonant groups of the stem, *v* "holds a vowel", *d* "ends with a
/// double consonant", *o* "ends consonant, vowel, consonant other than w, x, y". Every character beyond the five
/// vowels and y is a consonant, whatever its script.
///
/// Source: M. F. Porter, An algorithm for suffix stripping, Program 14 (3), 1980; nltk.stem.porter (NLTK 3.5 and 3.10.4).
public struct PorterStemmer: Sendable {
  /// The word's code points, cut and changed in place.
  private var word: [UInt32] = []
  private var bytes: [UInt8] = []
  /// Whether short and irregular words are lowered like all others.
  private let lowersAll: Bool

  /// A stemmer, whose memory is used again from word to word.
  /// - Parameter release: The release of NLTK whose stems it makes. 3.5 leaves words of one or two letters as they are, and
  ///   knows irregular words in small letters only.
  public init(_ release: NLTKRelease = .v35) { lowersAll = release.rules.stemmerLowersAll }

  /// The stem of `word`.
  public mutating func stem(_ word: String) -> String {
    var text = word
    return text.withUTF8 { text in
      var output: [UInt8] = []
      appendStem(of: text, to: &output)
      return String(decoding: output, as: UTF8.self)
    }
  }

  /// Appends the stem of the word `text` to `output`.
  mutating func appendStem(of text: Bytes, to output: inout [UInt8]) {
    bytes.removeAll(keepingCapacity: true)
    Lowercase.append(text, to: &bytes)
    if text.count <= 8,
      let stem = irregularStems[
        lowersAll ? String(decoding: bytes, as: UTF8.self) : String(decoding: text, as: UTF8.self)]
    {
      output.append(contentsOf: stem.utf8)
      return
    }
    let characters = text.reduce(into: 0) { count, byte in count += byte & 0xc0 == 0x80 ? 0 : 1 }
    if characters <= 2 {
      if lowersAll { output.append(contentsOf: bytes) } else { output.append(contentsOf: text) }
      return
    }
    word.removeAll(keepingCapacity: true)
    bytes.withUnsafeBufferPointer { text in
      var index = 0
      while index < text.count {
        let (scalar, length) = text.scalar(at: index)
        word.append(scalar)
        index += length
      }
    }
    step1a()
    step1b()
    step1c()
    step2()
    apply(step3Rules) { $0.measure($1) > 0 }
    step4()
    step5a()
    step5b()
    for scalar in word { output.append(scalar: scalar) }
  }

  /// Plurals.
  private mutating func step1a() {
    if ends(with: "ies"), word.count == 4 { return replace("ies", "ie") }  // dies → die, but flies → fli
    apply(step1aRules) { _, _ in true }
  }

  /// Past tense and the gerund.
  private mutating func step1b() {
    if ends(with: "ied") { return replace("ied", word.count == 4 ? "ie" : "i") }
    if ends(with: "eed") {
      if measure(word.count - 3) > 0 { word.removeLast() }
      return
    }
    let suffixLength = ends(with: "ed") ? 2 : ends(with: "ing") ? 3 : 0
    guard suffixLength > 0, hasVowel(word.count - suffixLength) else { return }
    word.removeLast(suffixLength)

    for rule in step1bRules where ends(with: rule.suffix) {
      return replace(rule.suffix, rule.replacement)
    }
    let last = word[word.count - 1]
    // NLTK writes the double consonant as a rule for the suffix "*d", which those two characters meet as well.
    if endsWithDoubleConsonant || ends(with: "*d") {
      if last != 0x6c, last != 0x73, last != 0x7a {  // l, s, z
        word.removeLast(2)
        word.append(last)
      }
      return
    }
    if measure(word.count) == 1, endsWithShortSyllable(word.count) { word.append(0x65) }
  }

  /// y after a consonant becomes i, unless only one letter would stand before it.
  private mutating func step1c() {
    if ends(with: "y"), word.count > 2, isConsonant(word.count - 2) { replace("y", "i") }
  }

  private mutating func step2() {
    // alli goes first, and what it leaves goes through the step once more.
    while ends(with: "alli"), measure(word.count - 4) > 0 { replace("alli", "al") }
    apply(step2Rules) { stemmer, length in
      // The l of logi counts with the stem, so that geo- and theo- work like archaeo-.
      stemmer.measure(stemmer.ends(with: "logi") ? length + 1 : length) > 0
    }
  }

  private mutating func step4() {
    apply(step4Rules) { stemmer, length in
      guard stemmer.measure(length) > 1 else { return false }
      guard stemmer.ends(with: "ion") else { return true }
      return stemmer.word[length - 1] == 0x73 || stemmer.word[length - 1] == 0x74  // s, t
    }
  }

  private mutating func step5a() {
    guard ends(with: "e") else { return }
    let length = word.count - 1
    let m = measure(length)
    if m > 1 || (m == 1 && !endsWithShortSyllable(length)) { word.removeLast() }
  }

  private mutating func step5b() {
    if ends(with: "ll"), measure(word.count - 1) > 1 { word.removeLast() }
  }

  struct Rule {
    let suffix: StaticString
    let replacement: StaticString
    init(_ suffix: StaticString, _ replacement: StaticString) {
      self.suffix = suffix
      self.replacement = replacement
    }
  }

  /// Applies the first rule whose suffix the word has, if its condition holds for the stem's length; later rules are
  /// not tried either way.
  private mutating func apply(_ rules: [Rule], if condition: (borrowing PorterStemmer, Int) -> Bool) {
    for rule in rules where ends(with: rule.suffix) {
      if condition(self, word.count - rule.suffix.utf8CodeUnitCount) { replace(rule.suffix, rule.replacement) }
      return
    }
  }

  private mutating func replace(_ suffix: StaticString, _ replacement: StaticString) {
    word.removeLast(suffix.utf8CodeUnitCount)
    for index in 0..<replacement.utf8CodeUnitCount { word.append(UInt32(replacement.utf8Start[index])) }
  }

  private func ends(with suffix: StaticString) -> Bool {
    let length = suffix.utf8CodeUnitCount
    guard word.count >= length else { return false }
    var index = length
    while index > 0 {  // from the end, where suffixes differ
      index -= 1
      if word[word.count - length + index] != UInt32(suffix.utf8Start[index]) { return false }
    }
    return true
  }

  /// A letter is a consonant unless it is a vowel, or a y behind a consonant.
  private func isConsonant(_ index: Int) -> Bool {
    var first = index
    while first > 0, word[first] == 0x79 { first -= 1 }  // back over a run of y
    let isConsonant = !isVowel(word[first])
    return (index - first).isMultiple(of: 2) ? isConsonant : !isConsonant
  }

  private func isVowel(_ scalar: UInt32) -> Bool {
    switch scalar {
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
      let isVowel = word[index] == 0x79 ? index > 0 && !wasVowel : isVowel(word[index])
      if wasVowel, !isVowel { groups += 1 }
      wasVowel = isVowel
    }
    return groups
  }

  private func hasVowel(_ length: Int) -> Bool {
    for index in 0..<length where isVowel(word[index]) || (word[index] == 0x79 && index > 0) { return true }
    return false
  }

  private var endsWithDoubleConsonant: Bool {
    word.count >= 2 && word[word.count - 1] == word[word.count - 2] && isConsonant(word.count - 1)
  }

  /// *o* of the first `length` letters; NLTK adds words of one vowel and one consonant.
  private func endsWithShortSyllable(_ length: Int) -> Bool {
    if length == 2 { return !isConsonant(0) && isConsonant(1) }
    guard length >= 3, isConsonant(length - 3), !isConsonant(length - 2), isConsonant(length - 1)
    else { return false }
    switch word[length - 1] {
    case 0x77, 0x78, 0x79: return false  // w, x, y
    default: return true
    }
  }
}

private let step1aRules: [PorterStemmer.Rule] = [
  .init("sses", "ss"), .init("ies", "i"), .init("ss", "ss"), .init("s", ""),
]

private let step1bRules: [PorterStemmer.Rule] = [.init("at", "ate"), .init("bl", "ble"), .init("iz", "ize")]

private let step2Rules: [PorterStemmer.Rule] = [
  .init("ational", "ate"), .init("tional", "tion"), .init("enci", "ence"), .init("anci", "ance"),
  .init("izer", "ize"), .init("bli", "ble"), .init("alli", "al"), .init("entli", "ent"), .init("eli", "e"),
  .init("ousli", "ous"), .init("ization", "ize"), .init("ation", "ate"), .init("ator", "ate"),
  .init("alism", "al"), .init("iveness", "ive"), .init("fulness", "ful"), .init("ousness", "ous"),
  .init("aliti", "al"), .init("iviti", "ive"), .init("biliti", "ble"), .init("fulli", "ful"),
  .init("logi", "log"),
]

private let step3Rules: [PorterStemmer.Rule] = [
  .init("icate", "ic"), .init("ative", ""), .init("alize", "al"), .init("iciti", "ic"), .init("ical", "ic"),
  .init("ful", ""), .init("ness", ""),
]

private let step4Rules: [PorterStemmer.Rule] = [
  "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
  "ous", "ive", "ize",
].map { .init($0, "") }

/// Words that the rules would get wrong, and their stems.
private let irregularStems: [String: String] = [
  "sky": "sky", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news",
  "innings": "inning", "inning": "inning", "outings": "outing", "outing": "outing", "cannings": "canning",
  "canning": "canning", "howe": "howe", "proceed": "proceed", "exceed": "exceed", "succeed": "succeed",
]
