import Files
import Filters
import JSONLines
import Text

/// Counts the words of one text after the other and writes the subwords that they come to.
struct SubwordWorker: LineWorker {
  let target: Int
  let lines: TextLines
  var builder = SubwordBuilder()

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    try lines.withRecord(of: line) { record throws(RecordError) in builder.add(try lines.text(of: record)) }
  }

  func finish(into output: inout Output) throws {
    output.bytes.append(contentsOf: builder.vocabulary(target: target).file)
  }
}
