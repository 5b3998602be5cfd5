/// A release of NLTK, whose tokens, stems and stop words `TweetTokenizer` makes.
public enum NLTKRelease: String, Sendable, CaseIterable {
  /// NLTK 3.5 of 2020, which the Trax course was written with; its 179 stop words.
  case v35 = "3.5"
  /// NLTK 3.10.4 of 2026; its 198 stop words.
  case v310 = "3.10"

  /// The stop words of its time.
  var stopWords: StopWords { self == .v35 ? .of2020 : .of2025 }

  /// Where the release differs from others.
  var rules: TweetRules {
    switch self {
    case .v35: TweetRules()
    case .v310:
      TweetRules(
        heartMayBeBroken: true, longestHandle: 15, hasEmojiSequences: true, ellipsisCrossesLines: false,
        lettersOfAllScriptsLengthen: true, stemmerLowersAll: true, longestDomain: 255, mostLabels: 126,
        longestParenthesis: 255, longestMailName: 64, longestMailHost: 63, mostMailCharacters: 252)
    }
  }
}

/// What releases of NLTK do differently, as data for one scanner. The values given here are those of 3.5; lengths are in
/// characters.
///
/// Source: nltk.tokenize.casual, nltk.stem.porter.
struct TweetRules: Sendable {
  /// Whether `</3` is an emoticon, as `<3` is (from 3.6.3 on).
  var heartMayBeBroken = false
  /// The longest name behind an @ that is taken for a handle (15 from 3.6.3 on).
  var longestHandle = 20
  /// Whether emoji with skin tones, joined ones (from 3.6.5 on) and flags (3.8.1) are one token.
  var hasEmojiSequences = false
  /// Whether dots that a line break separates are one ellipsis (until 3.10.3).
  var ellipsisCrossesLines = true
  /// Whether runs of letters and numbers beyond ASCII stay as long as they are where those of ASCII do (from 3.10 on).
  var lettersOfAllScriptsLengthen = false
  /// Whether the stemmer lowers words of one or two letters, too (from 3.6.1 on), and knows irregular words in capitals
  /// (from 3.10 on).
  var stemmerLowersAll = false
  /// What stands before the last dot of a domain that a slash follows (bounded from 3.10 on, as all that follows here).
  var longestDomain = Int.max
  /// How many labels a naked domain has between its first and its last one.
  var mostLabels = Int.max
  /// What stands between two parentheses of a URL.
  var longestParenthesis = Int.max
  /// What stands before the @ of a mail address.
  var longestMailName = Int.max
  /// The first part behind the @.
  var longestMailHost = Int.max
  /// What stands behind the first dot of the part behind the @, dots not counted.
  var mostMailCharacters = Int.max
}

extension UnsafeBufferPointer where Element == UInt8 {
  /// Whether at most so many characters stand from `start` up to `end`.
  @inline(__always)
  func hasAtMost(_ limit: Int, from start: Int, to end: Int) -> Bool {
    end - start <= limit || hasCounted(limit, from: start, to: end)
  }

  @inline(never)
  private func hasCounted(_ limit: Int, from start: Int, to end: Int) -> Bool {
    // No character takes more than four bytes.
    (end - start) / 4 <= limit && self[start..<end].count { $0 & 0xc0 != 0x80 } <= limit
  }
}
