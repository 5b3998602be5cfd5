import Batches
import Files
import Filters
import JSONLines
import Models
import Neural

/// Reads batches one by one.
final class BatchStream {
  /// The line of the last batch.
  private(set) var line: Line?
  /// Whether the input could not be read, or held a bad batch.
  private(set) var hasFailed = false
  /// A digest of the lines of the batches that were given out or passed over, FNV-1a over their bytes: the same for the same batches.
  private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325
  private var reader: LineReader
  private let block = LineBlock()
  private let signature: ModelSignature
  private var lastRows: Int?

  /// Batches for a model.
  /// - Throws (from `next`): `Interrupted` when a signal asks the program to stop.
  init(files: [String], maxLine: Int, for signature: ModelSignature) {
    reader = LineReader(files: files, maxLine: maxLine, stopDescriptor: StopSignal.descriptor) { StopSignal.isReceived }
    self.signature = signature
  }

  /// A request to stop came.
  struct Interrupted: Error {}

  /// The next batch, or nil at the end.
  /// - Throws: `Failure` for a bad batch, `FileError` for failed input, `Interrupted`.
  func next() throws -> Batch? {
    do {
      guard let line = try nextLine() else { return nil }
      let batch = try batch(line)
      digest(line)
      return batch
    } catch let error as RecordError {
      hasFailed = true
      throw Failure(error, in: line!)
    } catch let error as FileError {
      hasFailed = true
      throw error
    }
  }

  /// Passes batches over that a run has used already. Returns how many there were.
  func skip(_ count: Int) throws -> Int {
    for skipped in 0..<count {
      guard let line = try nextLine() else { return skipped }
      digest(line)
      // The next batch may continue the last one. What else this one holds is known to be right if the digest is.
      if skipped == count - 1 { lastRows = try? line.bytes.map { try BatchRecord(Record($0)).rows } }
    }
    return count
  }

  private func nextLine() throws -> Line? {
    while true {
      if let line = block.nextLine() {
        self.line = line
        return line
      }
      let isMore = try reader.next(into: block)
      if StopSignal.isReceived { throw Interrupted() }
      if !isMore { return nil }
    }
  }

  private func digest(_ line: Line) {
    for byte in line.bytes ?? Bytes(start: nil, count: 0) { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  /// The first batches, or all that are left.
  func read(_ count: Int?) throws -> [Batch] {
    var batches: [Batch] = []
    while batches.count < count ?? .max, let batch = try next() { batches.append(batch) }
    return batches
  }

  private func batch(_ line: Line) throws -> Batch {
    guard let bytes = line.bytes, bytes.count <= reader.maxLine else {
      throw RecordError("the line is longer than \(ByteCount(reader.maxLine)) bytes (--max-line)")
    }
    let record = try BatchRecord(Record(bytes))
    guard record.isSequence == signature.isSequence else {
      throw RecordError(
        signature.isSequence
          ? "field \"targets\" holds a class for each row, but the model gives classes at every step (batch --language-model)"
          : "field \"targets\" holds a class for every id, but the model gives classes for each row")
    }
    try signature.check(ids: [record.largestInput], of: "inputs")
    try signature.check(class: record.largestTarget, of: "targets")
    try signature.check(count: record.inputs.count)
    if record.carries, record.rows != lastRows ?? 0 {
      throw RecordError("\"carry\": the \(record.rows) rows continue a batch of \(lastRows ?? 0)")
    }
    lastRows = record.rows
    let shape = record.isSequence ? [record.rows, record.length] : [record.rows]
    return Batch(
      inputs: Tensor(record.inputs, shape: [record.rows, record.length]),
      targets: Tensor(record.targets, shape: shape), weights: Tensor(record.weights, shape: shape),
      continues: record.carries)
  }
}
