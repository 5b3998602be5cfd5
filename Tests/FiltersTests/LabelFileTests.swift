import Batches
import Filters
import TestSupport
import Testing

@Suite struct LabelFileTests {
  func names(_ text: String) throws -> [String] {
    var text = text
    return try text.withUTF8 { try LabelFile.names(in: $0) }.names
  }

  @Test func namesComeBack() throws {
    let list = ["é", "e\u{301}", "\"", "two words"]
    var output: [UInt8] = []
    LabelFile.write(list, to: &output)
    #expect(try names(String(decoding: output, as: UTF8.self)).map { Array($0.utf8) } == list.map { Array($0.utf8) })
    #expect(try names("[\n  \"a\",\n  \"b\"\n]\n") == ["a", "b"])
  }

  @Test(arguments: [
    ("[]", "there are no names of labels"), (#"["a","a"]"#, #"the labels 0 and 1 have the same name, "a""#),
    (#"["a",1]"#, "not a JSON list of names, as vocab-build --labels writes it: an item is a number"),
    (#"{"a":0}"#, "not a JSON list of names, as vocab-build --labels writes it, but an object"),
    (#""a""#, "not a JSON list of names, as vocab-build --labels writes it, but a string"),
  ])
  func whatIsNoListOfNamesIsRefused(_ text: String, _ message: String) {
    #expect(performing { try names(text) } == message)
  }

  @Test(arguments: ["", "World\nSports\n", "[\"a\",", "a,b"]) func whatIsNoJSONIsRefused(_ text: String) {
    #expect(performing { try names(text) }?.hasPrefix("not a JSON list of names, as vocab-build") ?? false)
  }
}
