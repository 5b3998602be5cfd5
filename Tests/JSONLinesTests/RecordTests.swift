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

  /// Every escape, every length of a character's UTF-8, and mixtures of them, against Jansson.
  @Test func escapesAreThoseOfJansson() throws {
    let pieces = [
      #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\f"#, #"\n"#, #"\r"#, #"\t"#, #"\u0001"#, #"\u007f"#, #"\u0080"#, #"\u07FF"#,
      #"\u0800"#,
      #"\ud7ff"#, #"\uE000"#, #"\uffff"#, #"\ud800\udc00"#, #"\uDBFF\uDFFF"#, #"\ud83d\ude00"#, "a", "é", "日", "😀", "u",
      "/",
      " 0123456789",
    ]
    for one in pieces {
      for other in pieces {
        for third in ["", one] {
          let text = "\"\(one)\(other)\(third)\""
          let expected = try JSONDocument(text).root.string
          var line = #"{"x":\#(text),"text":\#(text)}"#
          let (read, again) = try line.withUTF8 { line in
            let record = try Record(line)
            let first = try record.text("x")
            let second = try record.text("text")
            return (String(decoding: first, as: UTF8.self), String(decoding: second, as: UTF8.self))
          }
          #expect(read.unicodeScalars.elementsEqual(try #require(expected).unicodeScalars) && read == again, "\(text)")
        }
      }
    }
  }
}
