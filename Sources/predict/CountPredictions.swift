import Batches
import Filters
import JSONLines
import Reports

extension Predict {
  /// Counts the predictions that the records hold, of one class or of several labels.
  func count() throws -> any Report {
    let names = try names.names()!
    let labels = LabelField(labelOptions.labelField, names: names, isSeveral: severalLabels)
    guard severalLabels else {
      return try count(into: reporting.emptyReport(labels: names.names, classes: names.names.count)) {
        record throws(RecordError) in
        (label: try labels.label(of: record), recorded: try RecordedPrediction(record, names))
      } adding: { report, found, text in
        report.add(
          label: found.label, prediction: found.recorded.prediction, confidence: found.recorded.confidence,
          probabilities: found.recorded.probabilities, text: text)
      }
    }
    return try count(into: reporting.emptyLabelReport(labels: names.names, classes: names.names.count)) {
      record throws(RecordError) in
      (labels: Set(try labels.labels(of: record)), recorded: try RecordedLabels(record, names))
    } adding: { report, found, text in
      report.add(
        labels: found.labels, predictions: found.recorded.predictions, probabilities: found.recorded.probabilities,
        text: text)
    }
  }

  /// Counts what the records hold, and writes them as they are.
  /// - Parameters:
  ///   - empty: The report before any record.
  ///   - find: Reads of a record what is counted.
  ///   - add: Counts it; the last argument is the text that a person is shown.
  func count<Counts: Report, Found>(
    into empty: Counts, _ find: @escaping @Sendable (borrowing Record) throws(RecordError) -> Found,
    adding add: @escaping @Sendable (inout Counts, Found, () -> String) -> Void
  ) throws -> Counts {
    let parts = ReportParts(empty)
    try LineFilter(input, filter, blankLines: blankLines.fate(isPlain: false)).run(threads: threading.threads) {
      [only = fields.only.items, field = text.field, reporting] in
      RecordedWorker(
        find: find, add: add, textField: field, only: only, writesRecords: !reporting.noRecords,
        counts: parts.makePart())
    }
    return parts.sum
  }
}
