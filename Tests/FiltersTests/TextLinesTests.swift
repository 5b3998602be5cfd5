import ArgumentParser
import Files
import Filters
import JSONLines
import TestSupport
import Testing

@Suite struct TextLinesTests {
  func field(_ line: [UInt8], _ arguments: [String]) throws -> String {
    let lines = TextLines(try TextOptions.parse(arguments))
    var text = ""
    try line.withUnsafeBufferPointer { line in
      try lines.withRecord(of: line) { record throws(RecordError) in
        text = String(decoding: try record.text(lines.field), as: UTF8.self)
      }
    }
    return text
  }

  @Test func aLineIsARecordOrAText() throws {
    let record = Array(#"{"text":"a","other":"b"}"#.utf8)
    #expect(try field(record, []) == "a" && field(record, ["--field", "other"]) == "b")
    #expect(try field(record, ["--plain"]) == #"{"text":"a","other":"b"}"#)
    #expect(
      performing { try field([0xff], ["--plain"]) }
        == "the line is not UTF-8 (iconv -f LATIN1 -t UTF-8, if it is Latin-1)")
    #expect(performing { try field(record, ["--field", "none"]) } == #"field "none" is missing"#)
  }
}
