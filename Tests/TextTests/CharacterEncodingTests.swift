import Testing
import Text

@Suite struct CharacterEncodingTests {
  func ids(_ encoding: CharacterEncoding, _ text: String) -> [Int] {
    var text = text
    return text.withUTF8 { encoding.ids(of: $0) }
  }

  func text(_ encoding: CharacterEncoding, _ ids: [Int]) -> String {
    var text: [UInt8] = []
    for id in ids { encoding.append(id, to: &text) }
    return String(decoding: text, as: UTF8.self)
  }

  func vocabulary(_ characters: String) -> Vocabulary {
    Vocabulary(tokens: Vocabulary.specialTokens + characters.unicodeScalars.map { String($0) })!
  }

  @Test func bytesAreTheirOwnIDs() {
    let bytes = CharacterEncoding(appendsEnd: true)
    #expect(ids(bytes, "Aé") == [65, 195, 169, 1] && bytes.count == 256)
    #expect(text(bytes, [65, 195, 169, 1, 0]) == "Aé\n")
  }

  @Test func codePointsHaveTheIDsOfTheVocabulary() {
    let encoding = CharacterEncoding(vocabulary: vocabulary("aé😀"))
    #expect(ids(encoding, "é😀?a") == [4, 5, 2, 3] && encoding.count == 6)
    #expect(text(encoding, [4, 5, 2, 3, 1]) == "é😀\u{fffd}a\n")
    var prime = "x😀yx"
    #expect(prime.withUTF8 { encoding.unknownCharacters(in: $0) } == ["x", "y"])
    // The Angstrom sign is not the letter of the same form.
    prime = "\u{212b}\u{c5}\u{212b}"
    let signs = prime.withUTF8 { encoding.unknownCharacters(in: $0) }
    #expect(signs.map { $0.unicodeScalars.map(\.value) } == [[0x212b], [0xc5]])
    // A letter and its accent are two code points, and no é.
    #expect(ids(encoding, "e\u{301}") == [2, 2])
  }

  /// A prime of two lines once ended in a byte 10 that no model of lines had seen.
  @Test func aLineFeedIsTheEndOfALine() {
    #expect(ids(CharacterEncoding(), "a\nb\n") == [97, 1, 98, 1])
    let encoding = CharacterEncoding(vocabulary: vocabulary("ab"))
    #expect(ids(encoding, "a\nb") == [3, 1, 4] && text(encoding, [3, 1, 4]) == "a\nb")
    var prime = "a\nc"
    #expect(prime.withUTF8 { encoding.unknownCharacters(in: $0) } == ["c"])
  }

  /// The white space is Python's: `"".join(chr(c) for c in range(0x110000) if chr(c).isspace())`.
  @Test func trimsAsPythonStrips() {
    let spaces =
      "\t\n\u{b}\u{c}\r\u{1c}\u{1d}\u{1e}\u{1f} \u{85}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}"
      + "\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}"
    let encoding = CharacterEncoding(trims: true)
    #expect(text(encoding, ids(encoding, spaces + "a b\u{200b}" + spaces)) == "a b\u{200b}")
    #expect(ids(encoding, spaces) == [] && ids(encoding, "") == [])
  }

  @Test func optionsAreThoseOfTensorize() throws {
    let encoding = CharacterEncoding(
      vocabulary: nil, try TokenizerOptions("--characters --lowercase --append-end --max-length 4"))
    #expect(encoding.lowercases && encoding.appendsEnd && !encoding.trims)
    #expect(ids(encoding, "ÀB") == [195, 160, 98, 1] && ids(encoding, "ÀBC") == [195, 160, 98, 1])
  }
}
