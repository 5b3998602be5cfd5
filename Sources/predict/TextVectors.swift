import Files
import Filters
import JSONLines
import ModelFilters
import Models

/// The vectors of single texts in records. For one thread.
struct TextVectors {
  private let model: PairModel
  private let lines: TextLines
  private var input: ModelInput

  init(_ model: PairModel, _ lines: TextLines, trustsTokens: Bool) {
    (self.model, self.lines) = (model, lines)
    input = ModelInput(model.input, lines: lines, trustsTokens: trustsTokens)
  }

  /// Gives the record of a line and its vector to `body`.
  mutating func withVector(
    of line: Bytes, _ body: (borrowing Record, [Float]) throws(RecordError) -> Void
  ) throws(RecordError) {
    try lines.withRecord(of: line) { record throws(RecordError) in
      try body(record, model.vector(of: input.ids(of: record)))
    }
  }

  /// Gives the record of a line to `body`.
  func withRecord(
    of line: Bytes, _ body: (borrowing Record) throws(RecordError) -> Void
  ) throws(RecordError) { try lines.withRecord(of: line, body) }

  /// The text of a record, if it has one.
  func text(of record: borrowing Record) -> Bytes? {
    record.isString(lines.field) ? try? record.text(lines.field) : nil
  }
}

/// Adds the vector to one line after the other.
struct VectorWorker: LineWorker {
  private var vectors: TextVectors
  private let only: [String]
  private var fields = NewFields()

  init(_ vectors: TextVectors, only: [String]) { (self.vectors, self.only) = (vectors, only) }

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    var fields = fields
    defer { self.fields = fields }
    try vectors.withVector(of: line) { record, vector throws(RecordError) in
      fields.removeAll()
      fields.add("vector") { $0.appendJSON(list: vector) { $0.appendJSON($1) } }
      try record.write(adding: fields, only: only, to: &output)
    }
  }
}
