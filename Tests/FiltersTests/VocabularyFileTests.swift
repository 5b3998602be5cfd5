import Files
import Filters
import TestSupport
import Testing

@Suite struct VocabularyFileTests {
  @Test func vocabulariesComeBack() throws {
    let tokens = ["__PAD__", "é", "e\u{301}", "\"", ":("]
    var output: [UInt8] = []
    VocabularyFile.write(tokens, to: &output)
    let back = try output.withUnsafeBufferPointer { try VocabularyFile.tokens(in: $0) }
    #expect(back.map { Array($0.utf8) } == tokens.map { Array($0.utf8) })
    for text in ["[]", "{\"a\":1}", "{\"a\":0,\"b\":0}", "{\"a\":\"0\"}", "{}", "{"] {
      #expect(
        performing { _ = try Array(text.utf8).withUnsafeBufferPointer { try VocabularyFile.tokens(in: $0) } } != nil)
    }
  }
}
