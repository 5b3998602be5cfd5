import Testing
import Text

@Suite struct SubwordEncodingTests {
  func ids(_ text: String, maxLength: Int? = nil, appendsEnd: Bool = false) throws -> [Int]? {
    let pieces = [
      "<pad>", "<EOS>", "a_", "b_", "_", "a", "b", "\\", "u", ";", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9",
    ]
    let vocabulary = try #require(SubwordVocabulary(file: Array(pieces.map { "'\($0)'\n" }.joined().utf8)))
    var text = text
    return text.withUTF8 { SubwordEncoding(vocabulary, maxLength: maxLength, appendsEnd: appendsEnd).ids(of: $0) }
  }

  @Test func idsAreCutAndEnded() throws {
    #expect(try ids("a b a") == [2, 3, 2])
    #expect(try ids("a b a", appendsEnd: true) == [2, 3, 2, Vocabulary.end])
    #expect(try ids("a b a", maxLength: 2) == [2, 3])
    #expect(try ids("a b a", maxLength: 2, appendsEnd: true) == [2, Vocabulary.end])
    #expect(try ids("", maxLength: 1, appendsEnd: true) == [Vocabulary.end])
  }
}
