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

  /// A word of a thousand characters took a minute, and its pieces grew with it.
  @Test(arguments: ["a", "abcdefghijklmnopqrstuvwxyz0123456789"])
  func longWordsMakePiecesOfALimitedLength(_ characters: String) throws {
    var state: UInt64 = 1
    let characters = Array(characters)
    var word = String(
      (0..<100_000).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return characters[Int(state >> 33) % characters.count]
      })
    var builder = SubwordBuilder()
    word.withUTF8 { builder.add($0) }
    let vocabulary = builder.vocabulary(target: 300)
    #expect(vocabulary.pieces.allSatisfy { $0.count <= SubwordBuilder.longestPiece })
    let ids = try #require(word.withUTF8 { vocabulary.ids(of: $0) })
    var back: [UInt8] = []
    vocabulary.append(ids, to: &back)
    #expect(String(decoding: back, as: UTF8.self) == word)
  }

  @Test func anyTargetIsTaken() {
    var builder = SubwordBuilder()
    var text = "to be or not to be"
    text.withUTF8 { builder.add($0) }
    #expect(builder.vocabulary(target: .max).count > builder.vocabulary(target: 1).count)
    #expect(SubwordBuilder().vocabulary(target: 5).count > 0)
  }

  /// Of the pieces that a word goes on with the longest is taken, whatever stands between them in their order.
  @Test func theLongestPieceIsTaken() throws {
    let pieces = ["a", "b", "c", "_", "ab", "abc", "abb", "abcab", "abcdabcd", "d", "abca_", "dd", "d\u{0}", "\u{0}"]
    let vocabulary = try vocabulary(pieces)
    var state: UInt64 = 7
    for _ in 0..<2000 {
      var word = ""
      for _ in 0..<12 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        word += ["a", "b", "c", "d"][Int(state >> 33) % 4]
      }
      var (rest, expected) = (word + "_", [Int]())
      while !rest.isEmpty {
        let piece = pieces.filter { rest.hasPrefix($0) }.max { $0.count < $1.count }!
        expected.append(pieces.firstIndex(of: piece)!)
        rest.removeFirst(piece.count)
      }
      #expect(word.withUTF8 { vocabulary.ids(of: $0) } == expected)
    }
    let tooLong = Array("'\(String(repeating: "a", count: SubwordVocabulary.longestPiece + 1))'\n".utf8)
    #expect(SubwordVocabulary(file: tooLong) == nil)
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
