import Batches
import Files
import Filters
import JSONLines
import Models
import Neural
import Text

/// Reads batches one by one.
final class BatchStream {
  /// The line of the last batch.
  private(set) var line: Line?
  /// Whether the input could not be read, or held a bad batch.
  private(set) var hasFailed = false
  /// A digest of the lines of the batches that were given out or passed over: the same for the same batches.
  var digest: UInt64 { hash.value }
  private var hash = FNV1a()
  private var reader: LineReader
  private let block = LineBlock()
  private let signature: ModelSignature
  /// The rows of the batch before, which the next one may continue; 0 at the beginning.
  private var rowsBefore = 0

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
      if let bytes = line.bytes { hash.combine(bytes) }
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
      if let bytes = line.bytes { hash.combine(bytes) }
      // The next batch may continue the last one. What else this one holds is known to be right if the digest is.
      if skipped == count - 1 { rowsBefore = (try? line.bytes.map { try BatchRecord(Record($0)).rows }) ?? 0 }
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
    try signature.check(record, rowsBefore: rowsBefore)
    rowsBefore = record.rows
    return Batch(record)
  }
}
