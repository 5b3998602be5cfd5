/// What becomes of links before a tweet is cut into tokens.
public enum Links: String, Sendable, CaseIterable {
  /// A link ends at white space: `https?://[^\s\n\r]+`.
  case url
  /// A link takes the rest of its line along: `https?:\/\/.*[\r\n]*`, the rule of the course.
  case line
  /// Links stay.
  case keep
  /// Each link becomes one token, `TweetTokenizer.Options.replacements`.
  case replace
}

/// The removals that `process_tweet` of the Trax sentiment course makes before it tokenizes. They go in this order,
/// since taking away a `$` can put a link together: stock tickers `\$\w*`, the mark of an old retweet `^RT[\s]+`,
/// links, the sign `#` (the word behind it stays).
enum TweetCleaner {
  /// Appends `text` to `output` without stock tickers.
  static func removeTickers(from text: Bytes, to output: inout RewrittenText.Output) {
    var (index, kept) = (0, 0)
    while index < text.count {
      index += 1
      guard text[index - 1] == UInt8(ascii: "$") else { continue }
      output.append(text, kept, index - 1)
      while index < text.count {
        let (scalar, length) = text.scalar(at: index)
        guard isPythonWord(scalar) else { break }
        index += length
      }
      kept = index
    }
    output.append(text, kept, index)
  }

  /// Whether `removeMarks` may have something to do, by the signs that stand in a text.
  static func hasMarks(_ text: Bytes, _ signs: FoundSigns, _ links: Links) -> Bool {
    signs.numberSign || signs.scheme && (links == .url || links == .line) || text.has("RT", at: 0)
  }

  /// Appends `text` to `output` without the mark of a retweet, links and the sign `#`.
  static func removeMarks(from text: Bytes, links: Links, to output: inout RewrittenText.Output) {
    // What stays is copied in one piece up to what goes.
    var kept = retweetMarkEnd(in: text)
    var index = kept
    while true {
      index = text.index(of: UInt8(ascii: "#"), or: UInt8(ascii: ":"), from: index)
      guard index < text.count else { break }
      index += 1
      var place = index - 1..<index
      if text[index - 1] == UInt8(ascii: ":") {
        guard let link = link(around: index - 1, from: kept, links, in: text) else { continue }
        place = link
      }
      output.append(text, kept, place.lowerBound)
      kept = place.upperBound
      index = kept
    }
    output.append(text, kept, text.count)
  }

  /// The link whose scheme ends with the `:` at `index`, and begins at `first` or behind.
  private static func link(around index: Int, from first: Int, _ links: Links, in text: Bytes) -> Range<Int>? {
    let start = index > 0 && text[index - 1] == UInt8(ascii: "s") ? index - 5 : index - 4
    guard start >= first, let end = linkEnd(at: start, links, in: text) else { return nil }
    return start..<end
  }

  /// `^RT[\s]+`
  private static func retweetMarkEnd(in text: Bytes) -> Int {
    guard text.has("RT", at: 0) else { return 0 }
    var end = 2
    while let length = pythonSpace(at: end, in: text) { end += length }
    return end > 2 ? end : 0
  }

  private static func linkEnd(at start: Int, _ links: Links, in text: Bytes) -> Int? {
    guard links == .url || links == .line, text.has("http", at: start) else { return nil }
    let scheme = text.has("s", at: start + 4) ? start + 5 : start + 4
    guard text.has("://", at: scheme) else { return nil }
    var end = scheme + 3
    if links == .line {
      while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
      while end < text.count, text[end] == UInt8(ascii: "\n") || text[end] == UInt8(ascii: "\r") { end += 1 }
      return end
    }
    while end < text.count {
      if 0x21...0x7f ~= text[end] {
        end += 1
      } else {
        if pythonSpace(at: end, in: text) != nil { break }
        end += text.scalar(at: end).length
      }
    }
    return end > scheme + 3 ? end : nil
  }

  /// The length of the white space that Python's re sees at `index`: that of the regex module and four control
  /// characters.
  private static func pythonSpace(at index: Int, in text: Bytes) -> Int? {
    guard index < text.count else { return nil }
    if 0x1c...0x1f ~= text[index] { return 1 }
    let (sets, length) = text.sets(at: index)
    return sets.contains(.space) ? length : nil
  }

  private static func isPythonWord(_ scalar: UInt32) -> Bool {
    if scalar < 0x80 { return CharacterSet.ofASCII(UInt8(scalar)).meets(.word) }
    return UnicodeTables.holds(UnicodeTables.pythonWord, scalar)
  }
}
