import JSONLines
import TestSupport
import Testing

@Suite struct JSONTests {
  @Test func valuesAreOfOneKind() throws {
    let document = try JSONDocument(#"{"b":[1,2.5],"a":["x","y"],"n":[1,2],"o":{"k":"v"},"t":true,"z":null}"#)
    let root = document.root
    #expect(root.kind == "an object" && root.items == nil && root.text == nil)
    #expect(root.members?.map(\.key) == ["b", "a", "n", "o", "t", "z"])
    #expect(root["b"]?.numbers == [1, 2.5] && root["b"]?.integers == nil && root["b"]?.strings == nil)
    #expect(root["a"]?.strings == ["x", "y"] && root["a"]?.numbers == nil && root["a"]?.members == nil)
    #expect(root["n"]?.integers == [1, 2])
    #expect(root["o"]?.texts == ["k": "v"] && root.texts == nil && root["a"]?.texts == nil)
    #expect(root["t"]?.truth == true && root["z"]?.kind == "null" && root["none"] == nil)
  }

  @Test func whatIsNoJSONIsRefused() {
    for text in ["", "{", "[1,]", "nul", "\"\u{1}\""] {
      #expect(performing { _ = try JSONDocument(text) }?.hasPrefix("not JSON") == true, "\(text)")
    }
    #expect(
      performing { _ = try JSONDocument(#"{"a":1,"a":2}"#) }?.hasPrefix("a key stands in an object twice") == true)
    #expect(performing { _ = try JSONDocument(#"{"a":1,"a":2}"#, allowsDuplicates: true) } == nil)
  }
}
