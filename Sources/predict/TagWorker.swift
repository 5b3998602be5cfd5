import Files
import Filters
import JSONLines
import ModelFilters
import Models
import Reports

/// Tags the tokens of one line after the other.
struct TagWorker: LineWorker {
  /// The field where true tags stay when predicted ones take their place.
  static let goldField = "gold_tags"
  /// The field of predicted tags.
  static let field = "tags"

  let tagger: Tagger
  private let lines: TextLines
  private var input: ModelInput
  /// The field of the true tags, if it is given.
  private let gold: String?
  private let only: [String]
  private let threshold: Double
  private let writesLogProbabilities: Bool
  /// The counts of this worker's records.
  private let counts: ReportPart<EntityReport>?
  private let writesRecords: Bool
  private var fields = NewFields(adders: ["log_probabilities": "--log-probabilities"])

  init(
    tagger: Tagger, lines: TextLines, trustsTokens: Bool, gold: String?, only: [String], threshold: Double,
    writesLogProbabilities: Bool, counts: ReportPart<EntityReport>?, writesRecords: Bool
  ) {
    (self.tagger, self.lines, self.gold, self.only, self.threshold) = (tagger, lines, gold, only, threshold)
    input = ModelInput(tagger.input, lines: lines, trustsTokens: trustsTokens)
    (self.writesLogProbabilities, self.counts, self.writesRecords) = (writesLogProbabilities, counts, writesRecords)
  }

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    try lines.withRecord(of: line) { record throws(RecordError) in try tag(record, into: &output) }
  }

  private mutating func tag(_ record: borrowing Record, into output: inout [UInt8]) throws(RecordError) {
    let steps = try input.steps(of: record)
    let prediction = try tagger(steps, threshold: threshold)
    let tags = prediction.tags.map { tagger.names[$0] }
    if counts != nil, gold == nil, !record.has(trueField(of: record)) {
      throw RecordError("field \"\(Self.field)\" is missing (--label-field says where the true tags are)")
    }
    let truth = counts == nil ? [] : try record.tags(gold ?? trueField(of: record), tokens: tags.count)
    if writesRecords { try write(record, steps, prediction, tags, to: &output) }
    counts?.report.add(tags: truth, predictions: tags)
  }

  private func trueField(of record: borrowing Record) -> String {
    record.has(Self.goldField) ? Self.goldField : Self.field
  }

  private mutating func write(
    _ record: borrowing Record, _ steps: [[Int]], _ prediction: TagPrediction, _ tags: [String],
    to output: inout [UInt8]
  ) throws(RecordError) {
    let tokens = try input.tokens(of: record, steps)
    fields.removeAll()
    if input.takesText(of: record) { fields.add("tokens") { $0.appendJSON(list: tokens) { $0.appendJSON($1) } } }
    fields.add(Self.field) { $0.appendJSON(list: tags) { $0.appendJSON($1) } }
    if writesLogProbabilities {
      fields.add("log_probabilities") { output in
        output.appendJSON(list: prediction.logProbabilities) { $0.appendJSON(list: $1) { $0.appendJSON($1) } }
      }
    }
    if tagger.decoder.hasEntities { fields.add("entities", prediction.entities, tokens: tokens) }
    if gold == nil, !record.has(Self.goldField), let truth = record.json(Self.field) {
      fields.add(Self.goldField) { $0.append(contentsOf: truth) }
    }
    try record.write(adding: fields, only: only, to: &output)
  }
}

extension Record {
  /// The true tags in a field, one for each token.
  func tags(_ field: String, tokens: Int) throws(RecordError) -> [String] {
    let tags = try texts(field)
    guard tags.count == tokens else {
      throw RecordError("field \"\(field)\" holds \(tags.count) tags, but there are \(tokens) predicted ones")
    }
    return tags.map { String(decoding: $0, as: UTF8.self) }
  }
}
