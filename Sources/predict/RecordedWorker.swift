import Files
import Filters
import JSONLines
import Reports
import Threads

/// Counts records that hold predictions already, one line after the other, and writes them as they are.
struct RecordedWorker<Counts: Report, Found>: LineWorker {
  /// Reads of a record what is counted.
  let find: (borrowing Record) throws(RecordError) -> Found
  /// Counts it.
  let add: (inout Counts, Found, _ text: () -> String) -> Void
  /// The field of the text that a person is shown.
  let textField: String
  let only: [String]
  let writesRecords: Bool
  /// The counts of this worker's records.
  let counts: ReportPart<Counts>

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    let record = try Record(line)
    let found = try find(record)
    // What can't be written is not counted.
    if writesRecords { try record.write(adding: NewFields(), only: only, to: &output) }
    add(&counts.report, found) { RecordedPrediction.text(of: record, field: textField) }
  }
}

/// The report of one worker, which no other thread touches before all have ended. The sum of such parts does not depend
/// on which records each has got.
final class ReportPart<Counts: Report>: @unchecked Sendable {
  var report: Counts

  init(_ report: Counts) { self.report = report }
}

/// The reports of all workers.
final class ReportParts<Counts: Report>: Sendable {
  private let empty: Counts
  private let parts = Locked<[ReportPart<Counts>]>([])

  init(_ empty: Counts) { self.empty = empty }

  /// A report for one more worker.
  func makePart() -> ReportPart<Counts> {
    let part = ReportPart(empty)
    parts.withLock { $0.append(part) }
    return part
  }

  /// What the workers have counted, when they have ended.
  var sum: Counts { parts.withLock { $0.reduce(into: empty) { $0.add($1.report) } } }
}
