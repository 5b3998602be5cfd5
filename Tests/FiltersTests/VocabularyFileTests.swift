import Files
import Filters
import JSONLines
import TestSupport
import Testing
import Text

@Suite struct VocabularyFileTests {
  @Test func vocabulariesComeBack() throws {
    let tokens = ["__PAD__", "é", "e\u{301}", "\"", ":("]
    var output: [UInt8] = []
    VocabularyFile(tokens).write(to: &output)
    let back = try output.withUnsafeBufferPointer { try VocabularyFile($0) }
    #expect(back.tokens.map { Array($0.utf8) } == tokens.map { Array($0.utf8) } && back.tokenizer.isEmpty)
    for text in ["[]", "{\"a\":1}", "{\"a\":0,\"b\":0}", "{\"a\":\"0\"}", "{}", "{"] {
      #expect(
        performing { _ = try Array(text.utf8).withUnsafeBufferPointer { try VocabularyFile($0) } } != nil)
    }
  }

  /// The entry that says how the tokens were made has no id; a token of the same name has one.
  @Test func theTokenizerIsTheFirstEntry() throws {
    func read(_ text: String) throws -> VocabularyFile {
      try Array(text.utf8).withUnsafeBufferPointer { try VocabularyFile($0) }
    }
    let options = try TokenizerOptions("--no-stem --links=line")
    var output: [UInt8] = []
    VocabularyFile(["a", "b"], tokenizer: options).write(to: &output)
    let text = String(decoding: output, as: UTF8.self)
    #expect(text == "{\n\"__TOKENIZER__\": \"--links line --no-stem\",\n\"a\": 0,\n\"b\": 1\n}\n")
    #expect(try read(text).tokens == ["a", "b"] && read(text).tokenizer == options)
    #expect(try read("{\"a\":1,\"__TOKENIZER__\":0}").tokens == ["__TOKENIZER__", "a"])
    #expect(try read("{\"a\":0,\"__TOKENIZER__\":\"--raw\"}").tokenizer == TokenizerOptions("--raw"))
    #expect(throws: RecordError.self) { try read("{\"a\":0,\"__TOKENIZER__\":\"--rew\"}") }
  }
}
