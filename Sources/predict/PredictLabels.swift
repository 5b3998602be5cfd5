import Batches
import Filters
import ModelFilters
import Models
import Reports

extension Predict {
  /// Adds predictions of several labels to the records, and gives the report if there is to be one.
  func predictLabels(with classifier: Classifier) throws -> MultiLabelReport? {
    let (names, classes) = (classifier.labels, classifier.signature.classes)
    let thresholds: LabelThresholds
    do {
      thresholds = try LabelThresholds(threshold, labels: names, classes: classes)
    } catch {
      throw Failure("--threshold: \(error)")
    }
    let labels = try labelField(of: classifier)
    let parts = ReportParts(reporting.emptyLabelReport(labels: names, classes: classes))
    try LineFilter(input, filter, blankLines: blankLines.fate(isPlain: text.plain, areTexts: true)).run(
      threads: threading.threads
    ) {
      [only = fields.only.items, text, trust, top, explain, reporting] in
      let several = LabelsWorker(
        classifier: classifier, thresholds: thresholds, labels: labels, textField: text.field, only: only,
        top: top, explain: explain, counts: reporting.isWanted ? parts.makePart() : nil,
        writesRecords: !reporting.noRecords)
      return PredictionWorker(
        classifier: classifier, lines: TextLines(text), trustsTokens: trust.trustTokens, several: several,
        labels: labels, only: only, top: top, counts: nil, writesRecords: true)
    }
    guard reporting.isWanted else { return nil }
    var report = parts.sum
    if reporting.isPage { report.topTokens = try topTokens(of: classifier, file: model!) }
    return report
  }
}
