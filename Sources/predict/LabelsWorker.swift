import Batches
import JSONLines
import ModelFilters
import Models
import Reports

/// What a model that gives a record several labels, or none, makes of each record.
struct LabelsWorker {
  let classifier: Classifier
  let thresholds: LabelThresholds
  /// Where the labels of the records are.
  let labels: LabelField
  /// The field of the text that a person is shown.
  let textField: String
  let only: [String]
  let top: Int?
  let explain: Int?
  /// The counts of this worker's records.
  let counts: ReportPart<MultiLabelReport>?
  let writesRecords: Bool

  /// Writes a record with the prediction for its ids, and counts it.
  func process(
    _ record: borrowing Record, _ input: inout ModelInput, _ fields: inout NewFields, to output: inout [UInt8]
  ) throws(RecordError) {
    let ids = try input.ids(of: record)
    let logProbabilities = try classifier(ids)
    let prediction = LabelPrediction(logProbabilities, thresholds)
    let labels = counts == nil ? [] : try self.labels.labels(of: record)
    if writesRecords {
      fields.removeAll()
      fields.add("probabilities") { $0.appendJSON(list: prediction.probabilities) { $0.appendJSON($1) } }
      fields.add("prediction") { $0.appendJSON(list: prediction.labels) { $0.appendJSON($1) } }
      if let names = classifier.labels {
        fields.add("label_name") { $0.appendJSON(list: prediction.labels) { $0.appendJSON(names[$1]) } }
      }
      if let top { fields.addTop(prediction.mostProbable(top), names: classifier.labels) }
      if let explain {
        let classes = prediction.explained
        let explanations = try classifier.explanations(
          of: classes, logProbabilities, ids: ids, names: input.names(of: record, ids))
        fields.add("explanation", Array(zip(classes, explanations)), names: classifier.labels, most: explain)
      }
      try record.write(adding: fields, only: only, to: &output)
    }
    counts?.report.add(
      labels: Set(labels), predictions: Set(prediction.labels),
      probabilities: prediction.probabilities.map(Double.init),
      text: { RecordedPrediction.text(of: record, field: textField) })
  }
}

extension NewFields {
  /// Adds `top`, the most probable classes.
  mutating func addTop(_ top: [(label: Int, probability: Float)], names: [String]?) {
    add("top") { output in
      output.appendJSON(list: top) { output, entry in
        output.appendObject { object in
          object.add("prediction", entry.label)
          if let names { object.add("label_name", names[entry.label]) }
          object.add("probability", entry.probability)
        }
      }
    }
  }
}
