import Testing
import Text

/// Shortcuts give what the plain ways give, which the golden files prove.
@Suite struct TweetShortcutTests {
  @Test func tablesAreAsDefined() { #expect(TweetTokenizer.tablesAreAsDefined) }

  /// Random texts, and those of the golden files, with one tokenizer, whose cache gets to know their tokens and forgets
  /// them, and without shortcuts.
  @Test(arguments: [NLTKRelease.v35, .v310])
  func tokensAreThoseOfThePlainWays(_ release: NLTKRelease) throws {
    let golden = try golden("tweets-fuzz.jsonl").compactMap { $0["text"] as? String }
    var texts = RandomTexts()
    let all = golden + (0..<3000).map { _ in texts.next() }
    for (name, options) in Self.options {
      var options = options
      options.release = release
      var (tokenizer, plain) = (TweetTokenizer(options), TweetTokenizer(options))
      plain.takesShortcuts = false
      let different = all.filter { text in
        !isSame(tokenizer.tokens(in: text), plain.tokens(in: text))
          || Self.offsets(&tokenizer, text) != Self.offsets(&plain, text)
      }
      #expect(different.isEmpty, "\(name): \(different.count) differ: \(different.prefix(3))")
    }
  }

  /// Words of ASCII characters, with the endings of which rules know.
  @Test(arguments: [NLTKRelease.v35, .v310])
  func stemsInPlaceAreThoseOfTheStemmer(_ release: NLTKRelease) {
    var texts = RandomTexts()
    var options = TweetTokenizer.Options()
    (options.release, options.keepsStopWords, options.keepsCase) = (release, true, true)
    options.keepsLengthening = true
    var (tokenizer, stemmer) = (TweetTokenizer(options), PorterStemmer(release))
    let words = ["skies", "Skies", "news", "OK", "a", "proceed", "bb"] + (0..<20_000).map { _ in texts.word() }
    for word in words {
      let tokens = tokenizer.tokens(in: word)
      #expect(tokens.count == 1 && isSame(tokens, [stemmer.stem(word)]), "\(word): \(tokens)")
    }
  }

  /// Tokens beyond the cache of short ones, again and again, and what may stand behind a text.
  @Test(arguments: [NLTKRelease.v35, .v310]) func longTokensAreThoseOfThePlainWays(_ release: NLTKRelease) {
    var options = TweetTokenizer.Options()
    options.release = release
    options.stems = true
    var (tokenizer, plain) = (TweetTokenizer(options), TweetTokenizer(options))
    plain.takesShortcuts = false
    let words = [
      "достопримечательности", "Достопримечательности", "internationalizations", "#internationalizations",
      "ありがとうございました", "ÉLECTROMAGNÉTIQUES", String(repeating: "длинное", count: 9), String(repeating: "ab", count: 40),
      "\0\0\0\0", "!!!!", "a\0\0\0\0\0b", "",
    ]
    for _ in 0..<3 {
      for word in words {
        #expect(isSame(tokenizer.tokens(in: word), plain.tokens(in: word)))
        let text = "\(word) of \(words.reversed().joined(separator: " "))"
        #expect(isSame(tokenizer.tokens(in: text), plain.tokens(in: text)))
      }
    }
  }

  /// A copy has a cache of its own.
  @Test func aCopyChangesNothing() {
    var one = TweetTokenizer()
    #expect(one.tokens(in: "cats dogs") == ["cat", "dog"])
    var (other, texts) = (one, RandomTexts())
    for _ in 0..<1000 { _ = other.tokens(in: texts.next()) }
    #expect(one.tokens(in: "cats dogs") == ["cat", "dog"] && other.tokens(in: "cats dogs") == ["cat", "dog"])
  }

  private static func offsets(_ tokenizer: inout TweetTokenizer, _ text: String) -> [Range<Int>] {
    var (text, ranges) = (text, [Range<Int>]())
    text.withUTF8 { tokenizer.forEachToken(in: $0, offsets: .bytes) { ranges.append($1) } }
    return ranges
  }

  private static let options: [(String, TweetTokenizer.Options)] = {
    var cased = TweetTokenizer.Options()
    (cased.keepsCase, cased.links, cased.keepsLengthening) = (true, .line, true)
    var replaced = TweetTokenizer.Options()
    (replaced.handles, replaced.links, replaced.stems) = (.replace, .replace, false)
    return [("default", .init()), ("raw", .raw), ("cased", cased), ("replaced", replaced)]
  }()
}

/// Texts in which what tokens begin, go on and end with stands side by side: the same ones in every run.
private struct RandomTexts {
  private var generator = SplitMix()
  private static let pieces =
    [
      " ", " ", " ", "\n", "\u{3000}", "'", ".", "...", ",", ":", "-", "_", "+", "/", "://", "@", "#", "$", "&amp;",
      "&#36;", "(",
      ")", ";", "=", "8", "<3", "</3", ">", "*", "1", "800", "http", "https://", "RT ", "é", "ſ", "日", "👍🏽", "\u{301}",
      "😀😀😀😀",
      "aaaa", "!!!!!", "d", "P", "do", "don't", "t", "co", "com", "word", "Words", "the", "running", "happily", "x.y",
      "abcdefgh",
      "abcdefghijklmno", "abcdefghijklmnop", "internationalization",
    ]
  private static let endings = [
    "", "s", "ies", "ed", "ing", "y", "ational", "izer", "alli", "fulness", "icate", "ement", "ion", "ll", "e", "ness",
    "logi", "iviti",
  ]

  mutating func next() -> String {
    (0..<Int.random(in: 0...12, using: &generator)).map { _ in Self.pieces.randomElement(using: &generator)! }.joined()
  }

  /// Letters and an ending of which rules know.
  mutating func word() -> String {
    let letters = (0..<Int.random(in: 1...7, using: &generator)).map { _ in
      "abeioystlzwT".randomElement(using: &generator)!
    }
    return String(letters) + Self.endings.randomElement(using: &generator)!
  }

  /// S. Vigna's generator.
  private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64 = 1
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
      return z ^ z >> 31
    }
  }
}
