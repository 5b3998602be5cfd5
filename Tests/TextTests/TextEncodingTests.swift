import Testing
import Text

@Suite struct TextEncodingTests {
  private func encoder(_ vocabulary: [String]?, ids: Int, _ options: String) throws -> TextEncoder? {
    let options = try TokenizerOptions(options)
    return TextEncoding(vocabulary: vocabulary, ids: ids, options).map { TextEncoder($0, options) }
  }

  private func ids(_ encoder: TextEncoder?, _ text: String) -> [Int]? {
    var (encoder, text) = (encoder, text)
    return text.withUTF8 { encoder?.ids(of: $0) }
  }

  private let words = Vocabulary.specialTokens + ["happi", "day", "happy", "not"]

  /// The tokens are those of a tokenizer of the same options, one text after the other.
  @Test func textsBecomeTokensAndIds() throws {
    let stems = try encoder(words, ids: 7, "")
    #expect(ids(stems, "Happy days!") == [3, 4] && ids(stems, "") == [] && ids(stems, "zyzzyva") == [2])
    #expect(ids(try encoder(words, ids: 7, "--no-stem --append-end"), "Happy days!") == [5, 2, 1])
    #expect(ids(try encoder(words, ids: 7, "--keep-stop-words --max-length 2"), "not a happy day") == [6, 2])
    let pairs = try encoder(words, ids: 7 + 16, "--ngrams 2 --hash-bits 4")
    #expect(ids(pairs, "happy day")?.count == 3)
    #expect(try encoder(words, ids: 8, "") == nil && encoder(nil, ids: 256, "") == nil)
    #expect(try encoder(Array(words.dropFirst()), ids: 6, "") == nil, "it has no special tokens")
  }

  @Test func textsBecomeCharactersBytesOrSubwords() throws {
    let letters = Vocabulary.specialTokens + ["a", "é"]
    #expect(ids(try encoder(letters, ids: 5, ""), "aéA") == [3, 4, 2])
    #expect(ids(try encoder(letters, ids: 5, "--characters --lowercase --append-end"), "aA") == [3, 3, 1])
    #expect(ids(try encoder(nil, ids: 256, "--characters"), "aé") == [97, 195, 169])
    let pieces = ["<pad>_", "<EOS>_", "the_", "t", "h", "e", "_", " ", "\\", "u", ";"] + (0...9).map { "\($0)" }
    let subwords = try encoder(pieces, ids: pieces.count, "--subwords some.file --append-end")
    #expect(ids(subwords, "the the") == [2, 2, 1])
    #expect(try encoder(pieces, ids: 9, "--subwords some.file") == nil && encoder(nil, ids: 9, "--subwords f") == nil)
  }

  @Test func tokensAreCompared() throws {
    var encoder = try #require(try encoder(words, ids: 7, "--no-stem"))
    func compare(_ text: StaticString, _ tokens: [StaticString]) -> Bool {
      func bytes(_ text: StaticString) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
      }
      return encoder.tokens(of: bytes(text), are: tokens.map(bytes))
    }
    #expect(compare("Happy days", ["happy", "days"]) && compare("", []))
    #expect(!compare("Happy days", ["happi", "day"]) && !compare("Happy days", ["happy"]))
  }
}
