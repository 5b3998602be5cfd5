import Batches
import JSONLines
import TestSupport
import Testing

@Suite struct TagNamesTests {
  func ids(_ line: String, tokens: Int) throws -> [Int] {
    var line = line
    return try line.withUTF8 { try LabelNames(["O", "B-x", "I-x"]).tagIDs("tags", of: Record($0), tokens: tokens) }
  }

  @Test func tagsBecomeClasses() throws {
    #expect(try ids(#"{"tags":["B-x","I-x","O"]}"#, tokens: 3) == [1, 2, 0])
    #expect(try ids(#"{"tags":["B\u002dx"]}"#, tokens: 1) == [1])
  }

  @Test(arguments: [
    (#"{"tags":["O"]}"#, 2, #"there are 2 tokens, but field "tags" holds 1 tags"#),
    (#"{"tags":["O"]}"#, 0, #"there are 0 tokens, but field "tags" holds 1 tags"#),
    (#"{"tags":[]}"#, 0, "there are no tokens, and so there is nothing to tag"),
    (#"{"tags":["b-x"]}"#, 1, #"field "tags" holds "b-x", which is no tag; the tags are "O", "B-x", "I-x""#),
    (#"{"tags":[1]}"#, 1, #"field "tags" must be a list of strings, but an item is a number"#),
    ("{}", 1, #"field "tags" is missing"#),
  ])
  func whatIsNoTagIsRefused(_ line: String, _ tokens: Int, _ reason: String) {
    #expect(performing { try ids(line, tokens: tokens) } == reason)
  }
}
