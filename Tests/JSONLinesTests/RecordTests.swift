import JSONLines
import TestSupport
import Testing

@Suite struct RecordTests {
  func read(_ line: String) throws {
    var line = line
    try line.withUTF8 { _ = try Record($0) }
  }
  @Test(arguments: [
    ("", "not JSON"), ("nonsense", "not JSON"), ("[1]", "not a JSON object but a list"), ("5", "not JSON"),
    (#"{"a":1} {"#, "not JSON"), (#"{"a":"\ud800"}"#, "not JSON"), (#"{"a":"\udc00x"}"#, "not JSON"),
    (#"{"a":"\u0000"}"#, "not JSON"), (#"{"a":NaN}"#, "not JSON"), (#"{"b":1e999,"a":}"#, "not JSON at byte 15"),
    (#"{"a":01}"#, "not JSON"), (#"{"a":"}"#, "not JSON"), (#"{"a":1,}"#, "not JSON"),
    ("{\"a\":\"\u{1}\"}", "not JSON"),
    (String(repeating: "[", count: 100_000), "not JSON"),
  ])
  func badLinesAreRefused(_ line: String, _ reason: String) {
    #expect(performing { try read(line) }?.hasPrefix(reason) == true)
  }

  @Test func invalidUTF8IsRefused() {
    for bytes: [UInt8] in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc3]] {
      let line = Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8)
      let message = performing { try line.withUnsafeBufferPointer { _ = try Record($0) } }
      #expect(message?.hasPrefix("not JSON") == true)
    }
  }

  @Test func fieldsOfAnotherTypeAreNamed() {
    func read(_ line: String, _ body: (borrowing Record) throws -> Void) -> String? {
      var line = line
      return performing { try line.withUTF8 { try body(try Record($0)) } }
    }
    #expect(read("{}") { _ = try $0.text("text") } == #"field "text" is missing"#)
    #expect(read(#"{"text":7}"#) { _ = try $0.text("text") } == #"field "text" must be a string, not a number"#)
    #expect(read(#"{"text":null}"#) { _ = try $0.text("text") } == #"field "text" must be a string, not null"#)
    #expect(
      read(#"{"t":["a",{}]}"#) { _ = try $0.texts("t") }
        == #"field "t" must be a list of strings, but an item is an object"#)
    #expect(read(#"{"i":[1,2.5]}"#) { _ = try $0.integers("i") }?.hasPrefix(#"field "i" must be a list of in"#) == true)
    #expect(read(#"{"i":1e300}"#) { _ = try $0.integer("i") } == #"field "i" must be an integer, not a number"#)
    let whole = performing {
      var line = #"{"i":[1,2.0,-3]}"#
      return try line.withUTF8 { try Record($0).integers("i") }
    }
    #expect(whole == nil)
  }
}
