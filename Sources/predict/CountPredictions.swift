import Batches
import Filters
import Reports

extension Predict {
  /// Counts the predictions that the records hold.
  func count() throws -> ClassificationReport {
    let names = try names.names()!
    let labels = LabelField(labelOptions.labelField, names: names)
    let parts = ReportParts(reporting.emptyReport(labels: names.names, classes: names.names.count))
    try LineFilter(input, filter).run(threads: threading.threads) {
      [only = fields.only.items, field = text.field, reporting] in
      RecordedWorker(
        names: names, labels: labels, textField: field, only: only, writesRecords: !reporting.noRecords,
        counts: parts.makePart())
    }
    return parts.sum
  }

  /// Counts the predictions of several labels that the records hold.
  func countLabels() throws -> MultiLabelReport {
    let names = try names.names()!
    let labels = LabelField(labelOptions.labelField, names: names, isSeveral: true)
    let parts = ReportParts(reporting.emptyLabelReport(labels: names.names, classes: names.names.count))
    try LineFilter(input, filter).run(threads: threading.threads) {
      [only = fields.only.items, field = text.field, reporting] in
      RecordedLabelsWorker(
        names: names, labels: labels, textField: field, only: only, writesRecords: !reporting.noRecords,
        counts: parts.makePart())
    }
    return parts.sum
  }
}
