import Batches
import Files
import Filters
import JSONLines
import Models
import Neural
import Text

/// Reads batches one by one, and knows which ones it has given out.
public final class BatchStream {
  /// The line of the last batch; nil before the first.
  public private(set) var line: Line?
  /// Whether the input could not be read, or held a bad batch.
  public private(set) var hasFailed = false
  /// A digest of the lines of the batches that were given out or passed over: the same for the same batches.
  public var digest: UInt64 { hash.value }
  private var hash = FNV1a()
  private let files: String
  private var reader: LineReader
  private let block = LineBlock()
  private let signature: ModelSignature
  /// Whether the run is to stop.
  let isStopped: @Sendable () -> Bool
  /// The rows of the batch before, which the next one may continue; 0 at the beginning.
  private var rowsBefore = 0

  /// Batches for a model, from files one after the other.
  /// - Parameters:
  ///   - files: The files; `-`, or none at all, is standard input.
  ///   - maxLine: The longest line allowed, in bytes.
  ///   - signature: What the model takes and gives, which every batch is checked against.
  ///   - stopDescriptor: A descriptor that can be read from when the run is to stop, which ends a read that waits.
  ///   - isStopped: Whether the run is to stop. It is asked before every read and after every step.
  public init(
    files: [String], maxLine: Int, for signature: ModelSignature, stopDescriptor: Int32 = -1,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    reader = LineReader(files: files, maxLine: maxLine, stopDescriptor: stopDescriptor, isStopped: isStopped)
    self.signature = signature
    self.files = files.joined(separator: ", ")
    self.isStopped = isStopped
  }

  /// The run is to stop, and there is no batch that has been read already.
  public struct Interrupted: Error {}

  /// The next batch, or nil at the end.
  /// - Throws: `Failure` for a bad batch, `FileError` for failed input, `Interrupted`.
  public func next() throws -> Batch? {
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

  /// Passes batches over that a run has used already. Returns how many there were, at most `count`.
  /// - Throws: `FileError` for failed input, `Interrupted`. What is in the batches is not looked at.
  public func skip(_ count: Int) throws -> Int {
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
      if isStopped() { throw Interrupted() }
      if !isMore { return nil }
    }
  }

  /// The next `count` batches, or all that are left.
  /// - Throws: As `next` does.
  public func read(_ count: Int?) throws -> [Batch] {
    var batches: [Batch] = []
    while batches.count < count ?? .max, let batch = try next() { batches.append(batch) }
    return batches
  }

  /// An evaluation on the next `count` batches, or on all that are left.
  /// - Parameters:
  ///   - name: The name in reports.
  ///   - count: How many batches; nil for all.
  ///   - metrics: The metrics beside the loss.
  /// - Throws: `Failure` when there is nothing to evaluate on: an evaluation of nothing would be no worse than any
  ///   other; and as `next` does.
  public func evalTask(_ name: String, batches count: Int? = nil, metrics: [any Metric]) throws -> EvalTask {
    let task = EvalTask(name: name, try read(count), metrics: metrics)
    guard line != nil else { throw Failure("\(files): there are no batches to evaluate on") }
    guard task.weight > 0 else { throw Failure("\(files): no target counts, since all weights are 0") }
    return task
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
