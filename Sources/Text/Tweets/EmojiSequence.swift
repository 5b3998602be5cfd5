/// Emoji of several characters: joined ones and those with a skin tone, and flags.
///
/// Source: nltk.tokenize.casual (NLTK 3.10.4): `\S(?:[tone]?(?:\u200d\S[tone]?)+|[tone])`, whatever the first character and
/// the joined ones are, and `FLAGS`.
enum EmojiSequence {
  /// Where the sequence that starts at `start` with a character of `length` bytes, no white space, ends, or nil.
  @inline(__always)
  static func end(at start: Int, _ length: Int, in text: Bytes) -> Int? {
    // All that can follow has a lead byte of three or four bytes.
    let second = start + length
    guard second < text.count, text[second] >= 0xe0 else { return nil }
    return longEnd(at: start, second, in: text)
  }

  @inline(never)
  private static func longEnd(at start: Int, _ second: Int, in text: Bytes) -> Int? {
    let toned = toneEnd(at: second, in: text)
    var end = toned ?? second
    var isJoined = false
    while text.has("\u{200d}", at: end), let next = nonSpaceEnd(at: end + 3, in: text) {
      isJoined = true
      end = toneEnd(at: next, in: text) ?? next
    }
    return isJoined ? end : toned ?? flagEnd(at: start, in: text)
  }

  private static func nonSpaceEnd(at index: Int, in text: Bytes) -> Int? {
    guard index < text.count else { return nil }
    let (sets, length) = text.sets(at: index)
    return sets.contains(.space) ? nil : index + length
  }

  /// Behind one of the five skin tones, U+1F3FB to U+1F3FF.
  private static func toneEnd(at index: Int, in text: Bytes) -> Int? {
    text.has("\u{1f3fb}", at: index) || text.has("\u{1f3fc}", at: index) || text.has("\u{1f3fd}", at: index)
      || text.has("\u{1f3fe}", at: index) || text.has("\u{1f3ff}", at: index) ? index + 4 : nil
  }

  /// Two regional indicators, or the black flag with the tags of England, Scotland or Wales.
  private static func flagEnd(at start: Int, in text: Bytes) -> Int? {
    func isIndicator(_ index: Int) -> Bool {
      index < text.count && 0x1f1e6...0x1f1ff ~= text.scalar(at: index).value
    }
    if isIndicator(start), isIndicator(start + 4) { return start + 8 }
    for flag in [english, scottish, welsh] where text.has(flag, at: start) { return start + flag.utf8CodeUnitCount }
    return nil
  }

  private static let english: StaticString =
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}"
  private static let scottish: StaticString =
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}"
  private static let welsh: StaticString =
    "\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}"
}
