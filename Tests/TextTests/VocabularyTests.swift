import Testing
import Text

@Suite struct VocabularyTests {
  func counts(_ tokens: String) -> TokenCounts {
    var counts = TokenCounts()
    for token in tokens.split(separator: " ") {
      var token = String(token)
      token.withUTF8 { counts.add($0) }
    }
    return counts
  }

  let special = ["__PAD__", "__</e>__", "__UNK__"]

  @Test func idsFollowTheOrderAsked() {
    let counts = counts("b a c a b a d")
    #expect(counts.vocabulary().tokens == special + ["b", "a", "c", "d"])
    #expect(counts.vocabulary(order: .frequency).tokens == special + ["a", "b", "c", "d"])
    #expect(counts.vocabulary(minimum: 2).tokens == special + ["b", "a"])
  }

  @Test func aLimitKeepsTheMostFrequent() {
    let counts = counts("c b a a b a")
    #expect(counts.vocabulary(maximumSize: 5).tokens == special + ["b", "a"])
    #expect(counts.vocabulary(order: .frequency, maximumSize: 4).tokens == special + ["a"])
    #expect(counts.vocabulary(maximumSize: 3).tokens == special)
    #expect(counts.vocabulary(maximumSize: 99).count == 6)
  }

  /// Tokens of one count once depended on the order in which parts were merged.
  @Test func orderByFrequencyAndByTokenDoNotDependOnTheOrderOfParts() {
    let parts = ["b a é", "c a ab", "é c b", "", "a"]
    for order in [[0, 1, 2, 3, 4], [4, 2, 0, 3, 1], [3, 4, 1, 0, 2]] {
      let counts = counts(order.map { parts[$0] }.joined(separator: " "))
      #expect(counts.vocabulary(order: .frequency).tokens == special + ["a", "b", "c", "é", "ab"])
      #expect(counts.vocabulary(order: .frequency, maximumSize: 5).tokens == special + ["a", "b"])
      #expect(counts.vocabulary(order: .token).tokens == special + ["a", "ab", "b", "c", "é"])
      #expect(counts.vocabulary(order: .token, maximumSize: 6).tokens == special + ["a", "b", "c"])
    }
  }

  /// `__UNK__` among the tokens took the place of a token of its own.
  @Test func specialTokensAmongTheTokensAreThemselves() {
    let counts = counts("__UNK__ __UNK__ b a __PAD__ a c")
    #expect(counts.vocabulary(maximumSize: 5).tokens == special + ["b", "a"])
    #expect(counts.vocabulary(order: .frequency).tokens == special + ["a", "b", "c"])
    #expect(counts.vocabulary(maximumSize: .max).count == 6)
  }

  /// A sum beyond 64 bits ended the program.
  @Test func countsHaveALimit() {
    var counts = TokenCounts()
    var token = "a"
    let isTaken = token.withUTF8 { token in (0..<3).map { _ in counts.add(token, times: TokenCounts.largest / 2) } }
    #expect(isTaken == [true, true, false])
    counts.visit { _, count in #expect(count == TokenCounts.largest) }
  }

  @Test func composedAndDecomposedLettersAreDifferentTokens() {
    let tokens = counts("\u{e9} e\u{301} \u{e9}").vocabulary().tokens
    #expect(tokens.count == 5)
    #expect(tokens[3].unicodeScalars.count == 1 && tokens[4].unicodeScalars.count == 2)
  }

  @Test func aTokenOfASpecialNameIsTheSpecialToken() {
    #expect(counts("x __UNK__").vocabulary().tokens == special + ["x"])
  }

  @Test func aTokenThatStandsTwiceMakesNoVocabulary() {
    #expect(Vocabulary(tokens: ["a", "b", "a"]) == nil)
    #expect(Vocabulary(tokens: ["a", "b"])?.tokens == ["a", "b"])
    #expect(Vocabulary().token(of: 3) == nil)
  }

  @Test func manyTokensKeepTheirIDs() {
    let words = (0..<50_000).map { "w\($0 &* 7919 % 50_000)" }
    var vocabulary = Vocabulary()
    for (index, word) in words.enumerated() { #expect(vocabulary.add(word) == index + 3) }
    for (index, word) in words.enumerated() where index.isMultiple(of: 97) {
      var word = word
      #expect(word.withUTF8 { vocabulary.id(of: $0) } == index + 3)
    }
  }

  /// The table of tokens looks at the first eight bytes first. Tokens that share them, or differ in zero bytes behind
  /// the end alone, are many enough here for their places in the table to collide.
  @Test(arguments: [7, 8, 9, 17]) func tokensWithOneBeginningAreToldApart(_ length: Int) throws {
    let beginning = String(repeating: "a", count: length)
    var tokens = (0..<40_000).map { "\(beginning)\($0)" }
    tokens += (0..<200).map { "b" + String(repeating: "\0", count: $0) }
    tokens += (0..<2000).flatMap { ["c\($0)", "c\($0)\0", "c\($0)\0\0"] }
    let vocabulary = try #require(Vocabulary(tokens: tokens))
    for (index, token) in tokens.enumerated() {
      var token = token
      #expect(token.withUTF8 { vocabulary.id(of: $0) } == index)
      token += "x"
      #expect(token.withUTF8 { vocabulary.id(of: $0) } == nil)
    }
  }
}
