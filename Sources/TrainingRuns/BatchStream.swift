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
  private let lines: SharedLines
  private let maxLine: Int
  private let exchange: any Exchange
  private let signature: ModelSignature
  /// Whether this process is asked to stop, and whether the ranks have agreed to.
  private let isAskedToStop: @Sendable () -> Bool
  private var isAgreed = false
  /// The rows of the batch before, which the next one may continue; 0 at the beginning.
  private var rowsBefore = 0
  /// The option that needs batches which count epochs, if there is one.
  private let epochsNeededBy: String?
  /// How often the data have been gone through with the last batch that was given out or passed over, and with the one
  /// before it; nil where batches do not say so.
  private(set) var epoch: Int?, epochBefore: Int?

  /// Batches for a model, from files one after the other.
  /// - Parameters:
  ///   - files: The files; `-`, or none at all, is standard input.
  ///   - maxLine: The longest line allowed, in bytes.
  ///   - signature: What the model takes and gives, which every batch is checked against.
  ///   - epochsNeededBy: The option that needs batches which count epochs, for a message; nil where there is none.
  ///   - exchange: The ranks of the run, of which the first reads the files.
  ///   - stopDescriptor: A descriptor that can be read from when the run is to stop, which ends a read that waits.
  ///   - isStopped: Whether the run is to stop. It is asked before every read and after every step.
  public init(
    files: [String], maxLine: Int, for signature: ModelSignature, epochsNeededBy: String? = nil,
    exchange: any Exchange = Alone(), stopDescriptor: Int32 = -1,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    let reader = LineReader(
      files: exchange.rank == 0 ? files : ["/dev/null"], maxLine: maxLine, stopDescriptor: stopDescriptor,
      isStopped: isStopped)
    lines = SharedLines(reader, exchange: exchange, isStopped: isStopped)
    self.maxLine = maxLine
    self.exchange = exchange
    self.signature = signature
    self.epochsNeededBy = epochsNeededBy
    self.files = files.joined(separator: ", ")
    isAskedToStop = isStopped
  }

  /// Whether the run is to stop: of several ranks, as they have agreed.
  var isStopped: Bool { exchange.ranks > 1 ? isAgreed : isAskedToStop() }

  /// Lets the ranks agree whether to stop, when all of them are at the same step.
  func agreeWhetherToStop() {
    guard exchange.ranks > 1 else { return }
    isAgreed = exchange.join([isAskedToStop() ? 1 : 0]).contains(1) || isAgreed
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
      // The next batch may continue the last one. What else these hold is known to be right if the digest is.
      if skipped >= count - 2, let record = try? line.bytes.map({ try BatchRecord(Record($0)) }) {
        note(record)
      }
    }
    return count
  }

  private func nextLine() throws -> Line? {
    do {
      let next = try lines.next()
      if let next { line = next }
      return next
    } catch {
      if error is Interrupted { isAgreed = true }
      throw error
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
    let batches = try read(count)
    do throws(EvalTask.NothingToEvaluate) {
      // A language model sees nothing of what comes later, and so nothing of padding.
      return try EvalTask(
        name: name, batches, metrics: metrics, takesSequencesApart: signature.kind != .languageModel,
        keepsBatches: signature.targetKind == .duplicates || signature.kind == .wordVectors)
    } catch {
      throw Failure("\(files): \(error)")
    }
  }

  private func batch(_ line: Line) throws -> Batch {
    guard let bytes = line.bytes, bytes.count <= maxLine else {
      throw RecordError("the line is longer than \(ByteCount(maxLine)) bytes (--max-line)")
    }
    let record = try BatchRecord(Record(bytes))
    try signature.check(record, rowsBefore: rowsBefore)
    if let epochsNeededBy {
      guard let next = record.epoch else {
        throw RecordError(
          "field \"epoch\" is missing, which \(epochsNeededBy) needs: give batch --epochs N or --repeat")
      }
      guard next >= epoch ?? 0 else {
        throw RecordError(
          "field \"epoch\" holds \(next) after \(epoch!), but \(epochsNeededBy) needs epochs that go on")
      }
    }
    note(record)
    return Batch(record)
  }

  private func note(_ record: BatchRecord) {
    rowsBefore = record.rows
    (epochBefore, epoch) = (epoch, record.epoch)
  }
}
