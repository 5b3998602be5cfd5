import Foundation
import Testing
import Text

@Suite struct TweetTokenizerTests {
  static func tokens(_ text: String, _ change: (inout TweetTokenizer.Options) -> Void = { _ in }) -> [String] {
    var options = TweetTokenizer.Options()
    change(&options)
    var tokenizer = TweetTokenizer(options)
    return tokenizer.tokens(in: text)
  }

  @Test func aTweetBecomesItsStems() {
    #expect(
      Self.tokens("@anna Loving the new timetable :) http://t.co/x") == ["love", "new", "timet", ":)"])
    #expect(Self.tokens("") == [])
    #expect(Self.tokens("the and @bob") == [])
  }

  @Test func eachOptionDoesItsPart() {
    let text = "RT @Bob Sooooo HAPPY... $AAPL #fun the http://a.b/c !"
    #expect(Self.tokens(text) == ["sooo", "happi", "...", "fun"])
    #expect(Self.tokens(text) { $0.keepsCase = true } == ["sooo", "happi", "...", "fun"])
    #expect(Self.tokens(text) { ($0.keepsCase, $0.stems) = (true, false) } == ["Sooo", "HAPPY", "...", "fun"])
    #expect(Self.tokens(text) { $0.handles = .keep } == ["@bob", "sooo", "happi", "...", "fun"])
    #expect(Self.tokens(text) { $0.keepsLengthening = true } == ["sooooo", "happi", "...", "fun"])
    #expect(Self.tokens(text) { $0.keepsStopWords = true } == ["sooo", "happi", "...", "fun", "the"])
    #expect(Self.tokens(text) { $0.keepsPunctuation = true } == ["sooo", "happi", "...", "fun", "!"])
    #expect(Self.tokens(text) { $0.links = .line } == ["sooo", "happi", "...", "fun"])
    #expect(Self.tokens(text) { $0.links = .keep } == ["sooo", "happi", "...", "fun", "http://a.b/c"])
    #expect(
      Self.tokens(text) { $0 = .raw } == [
        "rt", "sooo", "happy", "...", "$", "aapl", "#fun", "the", "http://a.b/c", "!",
      ])
  }

  /// 1,500 random strings and the sample tweets, in all ways, as NLTK cuts them (`Tests/References/process_tweet.py`).
  @Test(arguments: [
    ("tweets-fuzz.jsonl", NLTKRelease.v35), ("tweets-fuzz-3.10.jsonl", .v310), ("samples-tweets.jsonl", .v35),
  ])
  func tokensEqualNLTKs(_ file: String, _ release: NLTKRelease) throws {
    let records = try golden(file)
    #expect(records.count >= 400)
    var differences: [String] = []
    for (column, options) in Self.columns {
      var options = options
      options.release = release
      var tokenizer = TweetTokenizer(options)
      for record in records {
        guard let expected = record[column] as? [String], let text = record["text"] as? String else { continue }
        let got = tokenizer.tokens(in: text)
        if !isSame(got, expected) { differences.append("\(column) of \(text.debugDescription): \(got)") }
      }
    }
    #expect(differences.isEmpty, "\(differences.count) differ: \(differences.prefix(5))")
  }

  /// What NLTK changed after 3.5, a text for each change.
  @Test(arguments: [
    ("I'm OK :D", ["i'm", "ok", ":D"], ["ok", ":d"]), ("</3", ["3"], ["</3"]),
    ("👍🏽 👩‍💻", ["👍", "🏽", "👩", "‍", "💻"], ["👍🏽", "👩‍💻"]), ("🇫🇷", ["🇫", "🇷"], ["🇫🇷"]),
    ("win.\n.", ["win", ".\n."], ["win"]), ("SKIES Dying", ["sky", "die"], ["sky", "die"]),
    ("@abcdefghijklmnopqrst", [], ["pqrst"]),
  ])
  func releasesDiffer(_ text: String, _ old: [String], _ new: [String]) {
    #expect(isSame(Self.tokens(text), old), "\(Self.tokens(text))")
    let got = Self.tokens(text) { $0.release = .v310 }
    #expect(isSame(got, new), "\(got)")
  }

  /// Handles and links become tokens that are not lowered, stemmed or dropped; what only looks like one stays.
  @Test(arguments: [
    ("@Bob_1 likes http://a.b/c", ["@USER", "like", "HTTPURL"]),
    ("HTTPS://x.y www.Site.com/@me", ["HTTPURL", "HTTPURL"]),
    ("example.com www.a@b.com", ["example.com", "www.a@b.com"]), ("@ @8 http httpd", ["@8", "http", "httpd"]),
  ])
  func handlesAndLinksAreReplaced(_ text: String, _ expected: [String]) {
    let got = Self.tokens(text) { ($0.handles, $0.links) = (.replace, .replace) }
    #expect(isSame(got, expected), "\(got)")
  }

  /// Where tokens come from, as the slices of the text.
  @Test(arguments: [
    ("@a Loooooove #it http://b.c/d :) &lt;3 &amp;lt;3", ["Loooooove", "it", ":)", "&lt;3", "&amp;", "lt", ";", "3"]),
    ("foo#bar $AAPL x$y z", ["foo#bar", "x", "z"]), ("ahttp://b.c d", ["a", "d"]),
    ("!!!!!! 😂😂😂😂 ......", ["!", "!", "!", "😂", "😂", "😂", "......"]),
    (
      "&eacute;t&eacute; &hearts;&hearts;&hearts;&hearts;",
      [
        "&eacute;t&eacute;", "&hearts;", "&hearts;", "&hearts;",
      ]
    ), ("1 @bob 2", ["1", "2"]), ("İstanbul ΣΟΦΟΣ", ["İstanbul", "ΣΟΦΟΣ"]), ("", []), ("@bob", []), ("RT  a", ["a"]),
  ])
  func offsetsAreThoseOfWhatTokensCameFrom(_ text: String, _ slices: [String]) {
    var options = TweetTokenizer.Options()
    (options.keepsStopWords, options.keepsPunctuation) = (true, true)
    var tokenizer = TweetTokenizer(options)
    let tokens = tokenizer.tokens(in: text)
    for unit in OffsetUnit.allCases {
      let placed = Self.placedTokens(text, &tokenizer, unit)
      #expect(isSame(placed.map(\.token), tokens))
      let got = placed.map { placed in
        switch unit {
        case .scalars: String(String.UnicodeScalarView(Array(text.unicodeScalars)[placed.place]))
        case .utf16: String(decoding: Array(text.utf16)[placed.place], as: UTF16.self)
        case .bytes: String(decoding: Array(text.utf8)[placed.place], as: UTF8.self)
        }
      }
      #expect(isSame(got, slices), "\(unit): \(got)")
    }
  }

  /// Random strings and the sample tweets, in all ways; the places come from following NLTK's own substitutions
  /// (`Tests/References/tweet_offsets.py`).
  @Test func offsetsAreThoseOfNLTKsTokens() throws {
    let records = try golden("tweets-offsets.jsonl")
    #expect(records.count == 600)
    var differences: [String] = []
    for (column, options) in Self.columns {
      var tokenizer = TweetTokenizer(options)
      for record in records {
        guard let expected = record[column] as? [[Int]], let text = record["text"] as? String else { continue }
        let got = Self.placedTokens(text, &tokenizer, .scalars).map { [$0.place.lowerBound, $0.place.upperBound] }
        if got != expected { differences.append("\(column) of \(text.debugDescription): \(got)") }
      }
    }
    #expect(differences.isEmpty, "\(differences.count) differ: \(differences.prefix(5))")
  }

  private static func placedTokens(
    _ text: String, _ tokenizer: inout TweetTokenizer, _ unit: OffsetUnit
  ) -> [(token: String, place: Range<Int>)] {
    var (text, all) = (text, [(String, Range<Int>)]())
    text.withUTF8 { text in
      tokenizer.forEachToken(in: text, offsets: unit) { all.append((String(decoding: $0, as: UTF8.self), $1)) }
    }
    return all
  }

  @Test func replacementsAreTwoTokens() throws {
    let names = try #require(Replacements("@user,http"))
    #expect("\(names)" == "@user,http" && names.handle == "@user" && names.link == "http")
    #expect(
      Self.tokens("@a www.b.de") { ($0.handles, $0.links, $0.replacements) = (.replace, .replace, names) } == [
        "@user", "http",
      ])
    for text in ["", ",", "a", "a,", ",b", "a,b,c", "a b,c", "'a,b", "--a,b"] {
      #expect(Replacements(text) == nil, "\(text)")
    }
  }

  /// Stop words of a year go with any release.
  @Test func stopWordsOfAnotherYear() {
    #expect(StopWords.of2020.words.count == 179 && StopWords.of2025.words.count == 198)
    #expect(Self.tokens("he'll win") { $0.stopWords = .of2025 } == ["win"])
    #expect(Self.tokens("he'll win") { ($0.release, $0.stopWords) = (.v310, .of2020) } == ["he'll", "win"])
  }

  @Test func stopWordsOfOnesOwn() throws {
    let words = try #require(StopWords("win,caf\u{e9},a'b,win"))
    #expect(
      words.words == ["a'b", "caf\u{e9}", "win"] && "\(words)" == "a'b,caf\u{e9},win" && StopWords("\(words)") == words)
    #expect(Self.tokens("the WIN a'b caf\u{e9}") { $0.stopWords = words } == ["the"])
    // Other code points are another word.
    #expect(Self.tokens("cafe\u{301}") { $0.stopWords = words } != [])
    #expect(StopWords("e\u{301},") != StopWords("\u{e9},") && StopWords("the,")?.words == ["the"])
    for text in ["", ",", "a", "a,,b", "a b,c", "--a,b", "2021"] { #expect(StopWords(text) == nil, "\(text)") }
  }

  /// Small pieces make the same tokens whether or not the tokenizer's cache knows them already.
  @Test func theCacheChangesNothing() throws {
    let texts = try golden("tweets-fuzz.jsonl").compactMap { $0["text"] as? String }
    var tokenizer = TweetTokenizer()
    let first = texts.map { tokenizer.tokens(in: $0) }
    let again = texts.map { tokenizer.tokens(in: $0) }
    let fresh = texts.map { Self.tokens($0) }
    #expect(first == again && first == fresh)
  }

  static let columns: [(String, TweetTokenizer.Options)] = {
    var all = TweetTokenizer.Options.raw
    (all.keepsCase, all.handles, all.keepsLengthening) = (true, .keep, true)
    var line = TweetTokenizer.Options()
    line.links = .line
    var noPhones = all
    noPhones.keepsPhoneNumbers = true
    return [
      ("tweet_tokenizer_no_phones", noPhones), ("tweet_tokenizer_default", all), ("tweet_tokenizer_course", .raw),
      ("process_tweet_links_line", line),
      ("process_tweet_links_url", TweetTokenizer.Options()),
    ]
  }()
}

/// Equal code point by code point, as Python compares.
func isSame(_ a: [String], _ b: [String]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0.unicodeScalars.elementsEqual($1.unicodeScalars) }
}

/// The records of a golden file.
func golden(_ file: String) throws -> [[String: Any]] {
  let url = Bundle.module.bundleURL.appendingPathComponent("Golden").appendingPathComponent(file)
  return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map {
    try JSONSerialization.jsonObject(with: Data($0.utf8)) as! [String: Any]
  }
}
