import Batches
import Files
import Filters
import JSONLines
import Reports
import Threads

/// Counts records that hold predictions already, one line after the other, and writes them as they are.
struct RecordedWorker: LineWorker {
  let names: LabelNames
  /// Where the labels of the records are.
  let labels: LabelField
  /// The field of the text that a person is shown.
  let textField: String
  let only: [String]
  let writesRecords: Bool
  /// The counts of this worker's records.
  let counts: ReportPart<ClassificationReport>

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    let record = try Record(line)
    let label = try labels.label(of: record)
    let recorded = try RecordedPrediction(record, names)
    // What can't be written is not counted.
    if writesRecords { try record.write(adding: NewFields(), only: only, to: &output) }
    counts.report.add(
      label: label, prediction: recorded.prediction, confidence: recorded.confidence,
      probabilities: recorded.probabilities, text: { RecordedPrediction.text(of: record, field: textField) })
  }
}

/// The same for records that hold predictions of several labels.
struct RecordedLabelsWorker: LineWorker {
  let names: LabelNames
  /// Where the labels of the records are.
  let labels: LabelField
  /// The field of the text that a person is shown.
  let textField: String
  let only: [String]
  let writesRecords: Bool
  /// The counts of this worker's records.
  let counts: ReportPart<MultiLabelReport>

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    let record = try Record(line)
    let labels = try self.labels.labels(of: record)
    let recorded = try RecordedLabels(record, names)
    if writesRecords { try record.write(adding: NewFields(), only: only, to: &output) }
    counts.report.add(
      labels: Set(labels), predictions: recorded.predictions, probabilities: recorded.probabilities,
      text: { RecordedPrediction.text(of: record, field: textField) })
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
