import Batches
import Files
import Filters
import Glibc
import JSONLines
import ModelFilters
import Models
import Reports

/// Predicts one line after the other.
struct PredictionWorker: LineWorker {
  let classifier: Classifier
  private let lines: TextLines
  /// The ids of records.
  private var ids: ModelInput
  /// What is done instead where a record may have several labels.
  let several: LabelsWorker?
  let labels: LabelField
  let only: [String]
  let top: Int?
  let explain: Int?
  let threshold: Double
  /// The counts of this worker's records.
  let counts: ReportPart<ClassificationReport>?
  let writesRecords: Bool
  private var fields = NewFields(adders: ["top": "--top N", "explanation": "--explain N"])

  init(
    classifier: Classifier, lines: TextLines, trustsTokens: Bool, several: LabelsWorker? = nil, labels: LabelField,
    only: [String], top: Int?, explain: Int? = nil, threshold: Double = 0, counts: ReportPart<ClassificationReport>?,
    writesRecords: Bool
  ) {
    (self.classifier, self.lines, self.several, self.labels) = (classifier, lines, several, labels)
    ids = ModelInput(classifier.input, lines: lines, trustsTokens: trustsTokens)
    (self.only, self.top, self.explain, self.threshold) = (only, top, explain, threshold)
    (self.counts, self.writesRecords) = (counts, writesRecords)
  }

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    try lines.withRecord(of: line) { record throws(RecordError) in try predict(record, into: &output) }
  }

  private mutating func predict(_ record: borrowing Record, into output: inout [UInt8]) throws(RecordError) {
    if let several { return try several.process(record, &ids, &fields, to: &output) }
    let ids = try self.ids.ids(of: record)
    let prediction = Prediction(try classifier(ids))
    let predicted = prediction.label(threshold: threshold)
    let label = counts == nil ? nil : try labels.label(of: record)
    if writesRecords { try write(record, ids, prediction, predicted, to: &output) }
    guard let counts, let label else { return }
    counts.report.add(
      label: label, prediction: predicted, confidence: prediction.confidence,
      probabilities: prediction.logProbabilities.map { exp(Double($0)) },
      text: { [field = lines.field] in RecordedPrediction.text(of: record, field: field) })
  }

  private mutating func write(
    _ record: borrowing Record, _ ids: [Int], _ prediction: Prediction, _ predicted: Int?, to output: inout [UInt8]
  ) throws(RecordError) {
    fields.removeAll()
    fields.add("log_probabilities") { $0.appendJSON(list: prediction.logProbabilities) { $0.appendJSON($1) } }
    fields.add("prediction", predicted)
    if let labels = classifier.labels { fields.add("label_name", predicted.map { labels[$0] }) }
    fields.add("probability", prediction.probability)
    if let top { fields.addTop(prediction.mostProbable(top), names: classifier.labels) }
    if let explain {
      let explanation = try classifier.explanation(of: prediction, ids: ids, names: self.ids.names(of: record, ids))
      fields.add("explanation", explanation, most: explain)
    }
    try record.write(adding: fields, only: only, to: &output)
  }
}
