/// Finds URLs as John Gruber's pattern, in NLTK's version, does: with a scheme, as a domain followed by a slash, or
/// as a naked domain.
///
///     (?: https?: (?: /{1,3} | [a-z0-9%] )  |  [a-z0-9.\-]+ [.] [a-z]{2,13} / )  tail
///     (?<!@) [a-z0-9]+ (?:[.\-][a-z0-9]+)* [.] [a-z]{2,13} \b /? (?!@)
///
/// A domain's run of characters is looked at once, whatever number of tokens start in it.
///
/// From NLTK 3.10 on the `+` and `*` of a domain's characters and labels have bounds.
///
/// Source: nltk.tokenize.casual (NLTK 3.5 and 3.10.4), `URLS`, case ignored.
struct URLScanner {
  private let rules: TweetRules
  private var tail: URLTail
  private var slashRun = 0..<0
  private var slashRunDot: Int?
  private var nakedRun = 0..<0
  private var nakedMatch: (dot: Int, end: Int)?

  init(_ rules: TweetRules) {
    self.rules = rules
    tail = URLTail(longestParenthesis: rules.longestParenthesis)
  }

  /// Where the URL that starts at `start` ends, or nil.
  mutating func end(at start: Int, in text: Bytes) -> Int? {
    schemeEnd(at: start, in: text) ?? domainEnd(at: start, in: text) ?? nakedEnd(at: start, in: text)
  }

  private mutating func schemeEnd(at start: Int, in text: Bytes) -> Int? {
    guard start + 5 < text.count, text[start] | 0x20 == UInt8(ascii: "h"), text[start + 1] | 0x20 == UInt8(ascii: "t"),
      text[start + 2] | 0x20 == UInt8(ascii: "t"), text[start + 3] | 0x20 == UInt8(ascii: "p")
    else { return nil }
    var index = start + 4
    if text[index] | 0x20 == UInt8(ascii: "s") { index += 1 } else if text.has("ſ", at: index) { index += 2 }
    guard index < text.count, text[index] == UInt8(ascii: ":") else { return nil }
    index += 1
    var slashes = 0
    while slashes < 3, index + slashes < text.count, text[index + slashes] == UInt8(ascii: "/") { slashes += 1 }
    while slashes > 0 {
      if let end = tail.end(at: index + slashes, in: text) { return end }
      slashes -= 1
    }
    guard index < text.count else { return nil }
    let (sets, length) = text.sets(at: index)
    return sets.meets(.domain) || text[index] == UInt8(ascii: "%") ? tail.end(at: index + length, in: text) : nil
  }

  /// A domain that a slash follows. The run of `[a-z0-9.\-]` must end at the slash, with a dot and 2 to 13 letters
  /// before it.
  private mutating func domainEnd(at start: Int, in text: Bytes) -> Int? {
    if !slashRun.contains(start) {
      var end = start
      var lastDot: Int?
      var letters: Int? = 0  // since the last dot; nil when something else came
      while end < text.count {
        let (sets, length) = text.sets(at: end)
        guard sets.meets([.domain, .dotOrDash]) else { break }
        if text[end] == UInt8(ascii: ".") {
          (lastDot, letters) = (end, 0)
        } else {
          letters = sets.contains(.latin) ? letters.map { $0 + 1 } : nil
        }
        end += length
      }
      slashRun = start..<end
      let isDomain = end < text.count && text[end] == UInt8(ascii: "/") && 2...13 ~= letters ?? 0
      slashRunDot = isDomain ? lastDot : nil
    }
    guard let dot = slashRunDot, dot > start, text.hasAtMost(rules.longestDomain, from: start, to: dot) else {
      return nil
    }
    return tail.end(at: slashRun.upperBound + 1, in: text)
  }

  /// A domain alone, not after or before an @ (which would make it part of a mail address).
  private mutating func nakedEnd(at start: Int, in text: Bytes) -> Int? {
    guard text.sets(at: start).sets.meets(.domain), start == 0 || text[start - 1] != UInt8(ascii: "@") else {
      return nil
    }
    if !nakedRun.contains(start) { scanNakedRun(from: start, in: text) }
    guard let match = nakedMatch, match.dot > start else { return nil }
    return match.end
  }

  /// Goes over parts joined by single dots or dashes, and remembers the last part that can be a top-level domain.
  private mutating func scanNakedRun(from start: Int, in text: Bytes) {
    nakedMatch = nil
    var partStart = start
    var labels = -1  // between the first part and this one
    while true {
      var end = partStart
      var letters: Int? = 0
      while end < text.count {
        let (sets, length) = text.sets(at: end)
        guard sets.meets(.domain) else { break }
        letters = sets.contains(.latin) ? letters.map { $0 + 1 } : nil
        end += length
      }
      let dot = partStart - 1
      if partStart > start, text[dot] == UInt8(ascii: "."), 2...13 ~= letters ?? 0,
        let match = nakedMatchEnd(at: end, in: text)
      {
        nakedMatch = (dot, match)
      }
      let next = end + 1
      if labels == rules.mostLabels {  // what starts further on may have further ones
        nakedRun = start..<start + 1
        return
      }
      labels += 1
      guard next < text.count, text[end] == UInt8(ascii: ".") || text[end] == UInt8(ascii: "-"),
        text.sets(at: next).sets.meets(.domain)
      else {
        nakedRun = start..<end
        return
      }
      partStart = next
    }
  }

  /// `\b/?(?!@)` after a top-level domain.
  private func nakedMatchEnd(at end: Int, in text: Bytes) -> Int? {
    guard end < text.count else { return end }
    if text.sets(at: end).sets.meets(.word) || text[end] == UInt8(ascii: "@") { return nil }
    guard text[end] == UInt8(ascii: "/") else { return end }
    return text.has("@", at: end + 1) ? end : end + 1
  }
}
