import Batches
import Filters
import ModelFilters
import Models
import Reports

extension Predict {
  /// Adds predictions of several labels to the records, and gives the report if there is to be one.
  func predictLabels(with classifier: Classifier) throws -> MultiLabelReport? {
    let parts = ReportParts(
      reporting.emptyLabelReport(labels: classifier.labels, classes: classifier.signature.classes))
    var latest = classifier
    func workers(_ classifier: Classifier) throws -> @Sendable () -> PredictionWorker {
      let thresholds: LabelThresholds
      do {
        thresholds = try LabelThresholds(
          threshold, labels: classifier.labels, classes: classifier.signature.classes)
      } catch {
        throw Failure("--threshold: \(error)")
      }
      let labels = try labelField(of: classifier)
      return { [only = fields.only.items, text, trust, top, explain, reporting] in
        let several = LabelsWorker(
          classifier: classifier, thresholds: thresholds, labels: labels, textField: text.field, only: only,
          top: top, explain: explain, counts: reporting.isWanted ? parts.makePart() : nil,
          writesRecords: !reporting.noRecords)
        return PredictionWorker(
          classifier: classifier, lines: TextLines(text), trustsTokens: trust.trustTokens, several: several,
          labels: labels, only: only, top: top, counts: nil, writesRecords: true)
      }
    }
    try run(workers(classifier), isPlain: text.plain) { contents in
      let new = try self.classifier(contents, follows: latest)
      let workers = try workers(new)
      latest = new
      return workers
    }
    guard reporting.isWanted else { return nil }
    var report = parts.sum
    if reporting.isPage { report.topTokens = try topTokens(of: latest, file: model!) }
    return report
  }
}
