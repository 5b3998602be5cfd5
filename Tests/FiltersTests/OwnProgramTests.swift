import ArgumentParser
import Files
import Filters
import JSONLines
import Testing

/// The program of CONTRIBUTING, `OwnProgram.swift`, which is compiled here.
@Suite struct OwnProgramTests {
  /// What becomes of a line.
  func output(_ line: String, only: [String] = []) throws -> String {
    var worker = TextLength.Worker(only: only)
    var output: [UInt8] = []
    try Array(line.utf8).withUnsafeBufferPointer { bytes in try worker.process(bytes, into: &output) }
    return String(decoding: output, as: UTF8.self)
  }

  @Test func everyRecordGetsTheLengthOfItsText() throws {
    #expect(try output(#"{"text":"é!","id":1}"#) == #"{"text":"é!","id":1,"bytes":3}"# + "\n")
    #expect(try output(#"{"text":"","id":1}"#, only: ["bytes"]) == #"{"bytes":0}"# + "\n")
    #expect(throws: RecordError.self) { try output(#"{"id":1}"#) }
  }

  @Test func itsOptionsAreThoseOfFilters() throws {
    let program = try TextLength.parse(["--only", "bytes", "--threads", "2"])
    #expect(program.fields.only.items == ["bytes"] && program.threading.threads == 2)
    #expect(throws: (any Error).self) { try TextLength.parse(["--threads", "0"]) }
  }
}
