import Foundation
import Testing
import Text

/// Against Trax's own encoder (`Tests/References/subwords.py`).
@Suite struct SubwordTests {
  struct Golden: Decodable {
    struct Case: Decodable {
      let text: String, ids: [Int], decoded: String
    }
    let learnedFrom: [String], target: Int, pieces: [String], cases: [Case]
  }

  let golden: Golden

  init() throws {
    let file = try #require(Bundle.module.url(forResource: "subwords", withExtension: "json", subdirectory: "Golden"))
    golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }

  func scalars(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

  func vocabulary(_ pieces: [String]) throws -> SubwordVocabulary {
    try #require(SubwordVocabulary(file: Array(pieces.map { "'\($0)'\n" }.joined().utf8)))
  }

  @Test func encodesAndDecodesAsTrax() throws {
    let vocabulary = try vocabulary(golden.pieces)
    for test in golden.cases {
      var text = test.text
      let ids = try #require(text.withUTF8 { vocabulary.ids(of: $0) })
      #expect(ids == test.ids, "\(test.text)")
      var decoded: [UInt8] = []
      vocabulary.append(ids, to: &decoded)
      #expect(scalars(String(decoding: decoded, as: UTF8.self)) == scalars(test.decoded))
      #expect(scalars(test.decoded) == scalars(test.text))
    }
  }

  @Test func learnsTheVocabularyThatTensor2TensorLearns() throws {
    var builder = SubwordBuilder()
    for text in golden.learnedFrom {
      var text = text
      text.withUTF8 { builder.add($0) }
    }
    let pieces = builder.vocabulary(target: golden.target).pieces
    #expect(
      pieces.map { String(decoding: $0, as: UTF8.self).unicodeScalars.map(\.value) } == golden.pieces.map(scalars))
  }

  @Test func filesWithAndWithoutQuotes() throws {
    let file = Array("'a_'\n\"b_\"\nc_  \r\n'''\n''\n'a_'\n".utf8)
    let vocabulary = try #require(SubwordVocabulary(file: file))
    #expect(vocabulary.pieces.map { String(decoding: $0, as: UTF8.self) } == ["a_", "b_", "c_", "'", "", "a_"])
    // Of equal pieces the last counts, as in Python's dictionary.
    var text = "a b c"
    #expect(text.withUTF8 { vocabulary.ids(of: $0) } == [5, 1, 2])
    text = "a1"
    #expect(text.withUTF8 { vocabulary.ids(of: $0) } == nil)
    #expect(SubwordVocabulary(file: []) == nil && SubwordVocabulary(file: [0xff]) == nil)
  }
}
