import JSONLines
import TestSupport
import Testing

@Suite struct FieldPathTests {
  private func withRecord<Result>(_ text: String, _ body: (borrowing Record) throws -> Result) throws -> Result {
    var text = text
    return try text.withUTF8 { try body(try Record($0)) }
  }

  @Test(arguments: [
    (#"{"user":{"text":"a"}}"#, "user.text", "a"), (#"{"a": { "b" : {"c":"\u00e9\n"} } }"#, "a.b.c", "\u{e9}\n"),
    // A field of just this name goes first, of equal keys the last counts, also within objects, and keys have escapes.
    (#"{"user":{"text":"a"},"user.text":"b"}"#, "user.text", "b"), (#"{"a":{"b":"1","b":"2"}}"#, "a.b", "2"),
    (#"{"a":{"b":"1"},"a":{"c":"2"}}"#, "a.b", nil), (#"{"\u0061":{"\u0062":"1"}}"#, "a.b", "1"),
    (#"{"a":["b"]}"#, "a.0", nil), (#"{"a":"b"}"#, "a.b", nil), (#"{"a":{"b":"c"}}"#, "a.", nil),
    (#"{"a":{"":"c"}}"#, "a.", "c"), (#"{"":{"b":"c"}}"#, ".b", "c"), (#"{"a":{"b":"c"}}"#, "a..b", nil),
    (#"{"a":{"b.c":"d"}}"#, "a.b.c", nil), (#"{"a":{"\u0301b":"d"}}"#, "a.\u{301}b", "d"),
  ])
  func aPathNamesAFieldOfAnObject(_ line: String, _ path: String, _ expected: String?) throws {
    #expect(try withRecord(line) { $0.has(path) } == (expected != nil))
    let text = try? withRecord(line) { Array(try $0.text(path)) }
    #expect(text == expected.map { Array($0.utf8) })
  }

  @Test func valuesOfAllKindsAreRead() throws {
    func read<Value>(_ body: (borrowing Record) throws -> Value) throws -> Value {
      try withRecord(#"{"x":{"n":7,"words":["a","\u0062"],"ids":[1,2],"deep":{"n":8}},"n":9}"#, body)
    }
    #expect(try read { try $0.integer("x.n") } == 7)
    #expect(try read { try $0.integer("x.deep.n") } == 8)
    #expect(try read { try $0.integer("n") } == 9)
    #expect(try read { try $0.texts("x.words").map { String(decoding: $0, as: UTF8.self) } } == ["a", "b"])
    #expect(try read { try $0.integers("x.ids") } == [1, 2])
    #expect(try read { $0.isList("x.ids") })
    #expect(try read { try $0.value("x.n")?.integer } == 7)
    #expect(performing { try read { _ = try $0.text("x.n") } } == "field \"x.n\" must be a string, not a number")
    #expect(performing { try read { _ = try $0.text("x.m") } } == "field \"x.m\" is missing")
  }

  @Test func textsThatMayBeMeantAreNamedByTheirPaths() throws {
    let line = #"{"id":1,"user":{"name":"a","age":2,"more":{"text":"b"}},"body":"c"}"#
    #expect(try withRecord(line) { $0.textFields } == ["body", "user.name"])
  }

  /// New fields stay at the top, whatever their names; the object in which something was read is not written over.
  @Test func newFieldsHaveNoPath() throws {
    func write(_ line: String, reading path: String, _ name: String) throws -> String {
      try withRecord(line) { record in
        _ = try record.text(path)
        var (fields, output) = (NewFields(), [UInt8]())
        fields.add(name) { $0.append(UInt8(ascii: "1")) }
        try record.write(adding: fields, to: &output)
        return String(decoding: output.dropLast(), as: UTF8.self)
      }
    }
    #expect(try write(#"{"a":{"b":"c"}}"#, reading: "a.b", "a.b") == #"{"a":{"b":"c"},"a.b":1}"#)
    #expect(try write(#"{"a":{"b":"c"},"n":0}"#, reading: "a.b", "n") == #"{"a":{"b":"c"},"n":1}"#)
    #expect(
      performing { try write(#"{"a":{"b":"c"}}"#, reading: "a.b", "a") }
        == "field \"a\" is to be written, but what is read stands in it")
  }
}
