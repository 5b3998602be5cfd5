import JSONLines
import TestSupport
import Testing

@Suite struct NewFieldsTests {
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

  @Test func aRecordOfNewFieldsAlone() {
    var fields = NewFields()
    fields.add("a", 1)
    fields.removeAll()
    fields.add("b", "x")
    fields.add("c") { $0.append("[]") }
    var output: [UInt8] = []
    output.appendRecord(fields)
    #expect(String(decoding: output, as: UTF8.self) == "{\"b\":\"x\",\"c\":[]}\n")
  }
}
