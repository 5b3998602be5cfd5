import Batches
import Files
import Filters
import JSONLines
import ModelFilters
import Models
import Reports

/// Compares the two texts of one line after the other.
struct PairWorker: LineWorker {
  let model: PairModel
  /// The ids of records.
  var input: PairInput
  let threshold: Double
  let labels: LabelField
  let only: [String]
  /// The counts of this worker's records.
  let counts: ReportPart<PairReport>?
  let writesRecords: Bool
  private var fields = NewFields(adders: ["vector": "--vectors", "nearest": "--nearest N --among FILE"])

  init(
    model: PairModel, input: PairInput, threshold: Double, labels: LabelField, only: [String],
    counts: ReportPart<PairReport>?, writesRecords: Bool
  ) {
    (self.model, self.input, self.threshold, self.labels) = (model, input, threshold, labels)
    (self.only, self.counts, self.writesRecords) = (only, counts, writesRecords)
  }

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    let record = try Record(line)
    let (a, b) = try input.ids(of: record)
    let score = try model(a, b)
    let label = counts == nil ? nil : try labels.label(of: record)
    if writesRecords { try write(record, score, to: &output) }
    guard let counts, let label else { return }
    counts.report.add(score: score.score, isDuplicate: label == 1)
  }

  private mutating func write(
    _ record: borrowing Record, _ score: PairModel.Score, to output: inout [UInt8]
  ) throws(RecordError) {
    let prediction = score.isDuplicate(threshold: threshold) ? 1 : 0
    fields.removeAll()
    fields.add("similarity", score.similarity)
    if let logProbabilities = score.logProbabilities {
      fields.add("log_probabilities") { $0.appendJSON(list: logProbabilities) { $0.appendJSON($1) } }
    }
    fields.add("prediction", prediction)
    if let labels = model.labels { fields.add("label_name", labels[prediction]) }
    if model.givesProbabilities { fields.add("probability", score.score) }
    try record.write(adding: fields, only: only, to: &output)
  }
}
