/// Cuts prepared text into the tokens that NLTK's TweetTokenizer pattern finds, in time proportional to its length.
///
/// NLTK tries an ordered list of regular expressions at every character. Here each expression is a function
/// `xEnd(at:)` that returns where its match would end, or nil; `tokenEnd(at:)` keeps their order. What a backtracking
/// engine would look up again and again is remembered: the ends of runs, and for URLs a table over the stretch of
/// text without white space (`URLTail`).
///
/// Source: nltk.tokenize.casual (NLTK 3.5 and 3.10.4), `REGEXPS`. Where the releases differ, `TweetRules` says how.
struct TweetScanner {
  let text: Bytes
  private let rules: TweetRules
  private let matchesPhoneNumbers: Bool
  private let takesShortcuts: Bool
  private var url: URLScanner
  private var emailRun = 0..<0
  private var emailRunMatch: Int?
  private var tagStop = 0..<0

  /// - Parameter text: A text, with zeros behind it (`RewrittenText.padding`).
  init(_ text: Bytes, _ rules: TweetRules, matchesPhoneNumbers: Bool, takesShortcuts: Bool) {
    (self.text, self.rules, self.matchesPhoneNumbers) = (text, rules, matchesPhoneNumbers)
    self.takesShortcuts = takesShortcuts
    url = URLScanner(rules)
  }

  /// The next token at or after `start`; nil when only white space is left.
  mutating func next(from start: Int) -> Range<Int>? {
    var index = start
    while index < text.count {
      if text[index] == 0x20 {
        index += 1
        continue
      }
      if takesShortcuts, let end = plainWordEnd(at: index) { return index..<end }
      let (sets, length) = text.sets(at: index)
      if !sets.contains(.space) { return index..<tokenEnd(at: index, sets, length) }
      index += length
    }
    return nil
  }

  private mutating func tokenEnd(at start: Int, _ sets: CharacterSet, _ length: Int) -> Int {
    let byte = text[start]
    // The order is the pattern's, and it matters: a phone number holds spaces and begins like a number; tags come
    // after emoticons so that `<:| some text >:)` holds no tag; the single character is the last resort.
    if sets.meets([.latin, .asciiDigit, .dotOrDash]), let end = url.end(at: start, in: text) { return end }
    if matchesPhoneNumbers, sets.contains(.digit) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "("),
      let end = PhoneNumber.end(at: start, in: text)
    {
      return end
    }
    if let end = Emoticon.end(at: start, in: text, heartMayBeBroken: rules.heartMayBeBroken) { return end }
    switch byte {
    case "<":
      if let end = tagEnd(at: start) ?? arrowEnd(at: start) { return end }
    case "-":
      if let end = arrowEnd(at: start) { return end }
    case "@":
      if let end = handleEnd(at: start) { return end }
    case "#":
      if let end = hashtagEnd(at: start) { return end }
    default: break
    }
    if sets.meets([.word, .dotPlusDash]), let end = emailEnd(at: start) { return end }
    if rules.hasEmojiSequences, let end = EmojiSequence.end(at: start, length, in: text) { return end }
    if sets.contains(.letter), let end = compoundWordEnd(at: start) { return end }
    if sets.contains(.digit) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), let end = numberEnd(at: start) {
      return end
    }
    if sets.meets(.word) { return text.runEnd(of: .word, from: start) }
    if byte == UInt8(ascii: "."), let end = ellipsisEnd(at: start) { return end }
    return start + length
  }

  /// A shortcut that decides most words: ASCII letters, perhaps with an apostrophe between them, followed by a character
  /// that no longer alternative could take. It gives what the alternatives would.
  @inline(__always)
  private func plainWordEnd(at start: Int) -> Int? {
    let end = text.letterRunEnd(from: start)
    guard end > start else { return nil }
    // Behind the text stands a zero, which is nothing special.
    switch text[unchecked: end] {
    case "'":
      // What begins with an emoticon has no letter behind an apostrophe.
      let second = text.letterRunEnd(from: end + 1)
      return second > end + 1 && !Self.mayGoOn(text[unchecked: second]) ? second : nil
    case ".":
      // Behind the end of a sentence there is neither a domain nor a mail address.
      guard end + 1 == text.count || text[end + 1] == 0x20 else { return nil }
    case let byte where Self.mayGoOn(byte): return nil
    default: break
    }
    // An emoticon has two letters at its beginning at the most: `do=`. A heart has none.
    return end - start > 2 || Emoticon.end(at: start, in: text, heartMayBeBroken: false) == nil ? end : nil
  }

  /// Whether a token may have this byte behind ASCII letters.
  @inline(__always)
  private static func mayGoOn(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x80..., 0x30...0x39, ".", "-", "'", "_", "+", "@", ":": true
    default: false
    }
  }

  /// `<[^>\s]+>`
  private mutating func tagEnd(at start: Int) -> Int? {
    if !tagStop.contains(start) {
      var stop = start + 1
      while stop < text.count, text[stop] != UInt8(ascii: ">") {
        let (sets, length) = text.sets(at: stop)
        if sets.contains(.space) { break }
        stop += length
      }
      tagStop = start..<stop
    }
    let stop = tagStop.upperBound
    return stop > start + 1 && stop < text.count && text[stop] == UInt8(ascii: ">") ? stop + 1 : nil
  }

  /// `[\-]+>|<[\-]+`
  private func arrowEnd(at start: Int) -> Int? {
    var end = text[start] == UInt8(ascii: "<") ? start + 1 : start
    let firstDash = end
    while end < text.count, text[end] == UInt8(ascii: "-") { end += 1 }
    guard end > firstDash else { return nil }
    if firstDash > start { return end }
    return end < text.count && text[end] == UInt8(ascii: ">") ? end + 1 : nil
  }

  /// `@[\w_]+`
  private func handleEnd(at start: Int) -> Int? {
    let end = text.runEnd(of: .word, from: start + 1)
    return end > start + 1 ? end : nil
  }

  /// `\#+[\w_]+[\w\'_\-]*[\w_]+`: at least two word characters; quotes and dashes only between them.
  private func hashtagEnd(at start: Int) -> Int? {
    var index = start
    while index < text.count, text[index] == UInt8(ascii: "#") { index += 1 }
    guard index < text.count else { return nil }
    let first = text.sets(at: index)
    guard first.sets.meets(.word) else { return nil }
    index += first.length
    var end: Int?
    while index < text.count {
      let (sets, length) = text.sets(at: index)
      guard sets.meets([.word, .apostropheOrDash]) else { break }
      index += length
      if sets.meets(.word) { end = index }
    }
    return end
  }

  /// `[\w.+-]+@[\w-]+\.(?:[\w-]\.?)+[\w-]`; from 3.10 on with at most 64, 63 and 252 characters.
  private mutating func emailEnd(at start: Int) -> Int? {
    if !emailRun.contains(start) {
      let end = text.runEnd(of: [.word, .dotPlusDash], from: start)
      emailRun = start..<end
      emailRunMatch = end < text.count && text[end] == UInt8(ascii: "@") ? mailHostEnd(from: end + 1) : nil
    }
    guard let match = emailRunMatch, text.hasAtMost(rules.longestMailName, from: start, to: emailRun.upperBound)
    else { return nil }
    return match
  }

  /// `[\w-]+\.(?:[\w-]\.?)+[\w-]`: a name, a dot, then two or more characters without two dots in a row. The match
  /// ends with the last of these, not with a dot.
  private func mailHostEnd(from start: Int) -> Int? {
    func isNameCharacter(_ index: Int) -> Int? {
      guard index < text.count else { return nil }
      let (sets, length) = text.sets(at: index)
      return sets.meets(.word) || text[index] == UInt8(ascii: "-") ? length : nil
    }
    var index = start
    while let length = isNameCharacter(index) { index += length }
    guard index > start, index < text.count, text[index] == UInt8(ascii: "."),
      text.hasAtMost(rules.longestMailHost, from: start, to: index)
    else { return nil }
    index += 1
    var characters = 0
    var end = index
    while characters < rules.mostMailCharacters, let length = isNameCharacter(index) {
      characters += 1
      index += length
      end = index
      if index < text.count, text[index] == UInt8(ascii: ".") { index += 1 }
    }
    return characters >= 2 ? end : nil
  }

  /// `[^\W\d_](?:[^\W\d_]|['\-_])+[^\W\d_]`: a word of three or more characters that may hold quotes, dashes and
  /// underscores inside.
  private func compoundWordEnd(at start: Int) -> Int? {
    var index = start
    var characters = 0
    var end: Int?
    while index < text.count {
      let (sets, length) = text.sets(at: index)
      guard sets.contains(.letter) || sets.contains(.apostropheOrDash) || text[index] == UInt8(ascii: "_")
      else { break }
      characters += 1
      index += length
      if characters >= 3, sets.contains(.letter) { end = index }
    }
    return end
  }

  /// `[+\-]?\d+[,/.:-]\d+[+\-]?`
  private func numberEnd(at start: Int) -> Int? {
    func isSign(_ index: Int) -> Bool {
      index < text.count && (text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-"))
    }
    let first = isSign(start) ? start + 1 : start
    let separator = text.runEnd(of: .digit, from: first)
    guard separator > first, separator < text.count, ",/.:-".utf8.contains(text[separator]) else { return nil }
    let end = text.runEnd(of: .digit, from: separator + 1)
    guard end > separator + 1 else { return nil }
    return isSign(end) ? end + 1 : end
  }

  /// `\.(?:\s*\.){1,}`; from 3.10.4 on `\.(?:[^\S\r\n]*\.){1,}`.
  private func ellipsisEnd(at start: Int) -> Int? {
    var end: Int?
    var index = start + 1
    while index < text.count {
      let (sets, length) = text.sets(at: index)
      if text[index] == UInt8(ascii: ".") {
        end = index + 1
      } else if !sets.contains(.space) || !rules.ellipsisCrossesLines && text.isLineBreak(at: index) {
        break
      }
      index += length
    }
    return end
  }
}

extension UnsafeBufferPointer where Element == UInt8 {
  /// The sets that hold the character at `index`, and the bytes it takes.
  @inline(__always)
  func sets(at index: Int) -> (sets: CharacterSet, length: Int) {
    let byte = self[index]
    if byte < 0x80 { return (CharacterSet.ofASCII(byte), 1) }
    let (scalar, length) = scalar(at: index)
    return (CharacterSet.beyondASCII(scalar), length)
  }

  /// Whether the character at `index` is `\r` or `\n`.
  func isLineBreak(at index: Int) -> Bool { self[index] == UInt8(ascii: "\n") || self[index] == UInt8(ascii: "\r") }

  /// Where the run of characters in any of `sets` that starts at `start` ends; `start` when there is none.
  func runEnd(of sets: CharacterSet, from start: Int) -> Int {
    var index = start
    while index < count {
      let (found, length) = self.sets(at: index)
      guard found.meets(sets) else { break }
      index += length
    }
    return index
  }
}
