import JSONLines
import TestSupport
import Testing

@Suite struct RecordTests {
  /// Reads `line` and writes it back with a field `tokens` added.
  func extended(_ line: String, only: [String] = []) throws -> String {
    var line = line
    return try line.withUTF8 { bytes in
      let record = try Record(bytes)
      var fields = NewFields()
      fields.add("tokens") { $0.append("[\"a\"]") }
      var output: [UInt8] = []
      try record.write(adding: fields, only: only, to: &output)
      return String(decoding: output, as: UTF8.self)
    }
  }

  @Test func aRecordKeepsItsBytes() throws {
    let line = #"{ "id":624495129303351296,"big":123456789012345678901234567890 ,"z":1.50e+3,"é":"\u00e9\/","n":null"#
    #expect(try extended(line + " }") == line + #" ,"tokens":["a"]}"# + "\n")
    #expect(try extended(line + "}  ") == line + #","tokens":["a"]}"# + "\n")
    #expect(try extended("{}") == "{\"tokens\":[\"a\"]}\n")
    #expect(try extended(" { } ") == " { \"tokens\":[\"a\"]}\n")
  }

  @Test func aFieldThatIsThereGetsItsNewValueInPlace() throws {
    #expect(
      try extended(#"{"a":{"tokens":[1]},"tokens" : [{"}":"]\""}, 2], "b":1e5}"#)
        == #"{"a":{"tokens":[1]},"tokens" : ["a"], "b":1e5}"# + "\n")
    #expect(try extended(#"{"tokens":5}"#) == #"{"tokens":["a"]}"# + "\n")
    #expect(try extended(#"{"tok\u0065ns":true ,"x":-1}"#) == #"{"tok\u0065ns":["a"] ,"x":-1}"# + "\n")
    #expect(try extended(#"{"tokens":"\\","x":"tokens"}"#) == #"{"tokens":["a"],"x":"tokens"}"# + "\n")
  }

  @Test func onlyTheNamedFieldsAreWritten() throws {
    let line = #"{"id":12345678901234567890123,"text":"x","b":[1, 2]}"#
    #expect(
      try extended(line, only: ["b", "tokens", "id"]) == #"{"b":[1, 2],"tokens":["a"],"id":12345678901234567890123}"#
        + "\n")
    let missing = performing { try extended(line, only: ["b", "none"]) }
    #expect(missing == "field \"none\" of --only is missing")
    #expect(try extended(#"{"\u0069d":1,"id":2}"#, only: ["id"]) == "{\"id\":2}\n")
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
    #expect(performing { try extended(line) }?.hasPrefix(reason) == true)
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

  @Test func jsonTextIsEscaped() {
    var output: [UInt8] = []
    output.appendJSON("a\"b\\c\n\r\t\u{1}\u{1f}é😀\u{7f}")
    output.appendJSON(-120)
    output.appendJSON(Int.min)
    output.appendJSON(0)
    output.appendJSON(Float(0.1))
    output.appendJSON(Double.nan)
    output.appendJSON(Float.infinity)
    #expect(
      String(decoding: output, as: UTF8.self)
        == #""a\"b\\c\n\r\t\u0001\u001fé😀"# + "\u{7f}\"-120-922337203685477580800.1nullnull")
  }
}
