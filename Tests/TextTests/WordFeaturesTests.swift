import Testing
import Text

@Suite struct WordFeaturesTests {
  private func names(_ word: String) -> [String] {
    Array(word.utf8).withUnsafeBufferPointer { WordFeatures.names(of: $0) }
  }

  @Test func aNameShowsItsLettersShapeAndParts() {
    #expect(
      names("McDo9") == [
        "word:mcdo9", "start:m", "end:9", "start:mc", "end:o9", "start:mcd", "end:do9", "start:mcdo", "end:cdo9",
        "shape:XxXxd", "form:XxXxd", "word:mc", "word:do", "in:<mc", "in:mcd", "in:cdo", "in:do9", "in:o9>", "in:<mcd",
        "in:mcdo", "in:cdo9", "in:do9>",
      ])
  }

  @Test func shortWordsHaveWhatTheyHave() {
    #expect(names("a") == ["word:a", "start:a", "end:a", "shape:x", "form:x", "in:<a>"])
    #expect(names("").prefix(1) == ["word:"])
    #expect(
      names("!!") == [
        "word:!!", "start:!", "end:!", "start:!!", "end:!!", "shape:!!", "form:!", "in:<!!", "in:!!>", "in:<!!>",
      ])
  }

  @Test(arguments: [
    ("NASAReport2", ["nasa", "report"]), ("reddit_AMA", ["reddit", "ama"]), ("#fun", ["fun"]), ("plain", []),
    ("USA", []),
    ("x1", []), ("abcDef", ["abc", "def"]), ("ABc", ["bc"]), ("a-b-cd", ["cd"]), ("1990s", ["1990"]),
  ])
  func partsAreWords(_ word: String, _ parts: [String]) {
    #expect(names(word).dropFirst().filter { $0.hasPrefix("word:") } == parts.map { "word:" + $0 })
  }

  /// Beyond ASCII letters are characters and not bytes; long words have no runs inside.
  @Test func lettersAreCharacters() {
    #expect(
      names("Élan").contains("start:é") && names("Élan").contains("shape:Xxxx") && names("Élan").contains("in:<él"))
    let long = String(repeating: "ab", count: 12)
    #expect(!names(long).contains { $0.hasPrefix("in:") } && names(String(long.dropLast(2))).contains("in:<ab"))
    #expect(names(String(repeating: "a1B", count: 20)).count { $0.hasPrefix("word:") } <= 7)
  }

  @Test func unknownWordsKeepTheirFeatures() throws {
    let vocabulary = try #require(
      Vocabulary(tokens: ["__PAD__", "__</e>__", "__UNK__", "word:ab", "start:a", "end:b", "shape:xx"]))
    let encoding = TokenEncoding(vocabulary, hasWordFeatures: true)
    let words = ["ab", "ax", "??"].map { Array($0.utf8) }
    func steps(_ at: Int) -> [Int] { words[at].withUnsafeBufferPointer { encoding.steps(of: [$0])[0] } }
    #expect(steps(0) == [3, 4, 5, 6] && steps(1) == [2, 4, 6] && steps(2) == [2])
    #expect(TokenEncoding(vocabulary).steps(of: []).isEmpty)
  }
}
