import Files
import Filters
import Models
import Neural
import Text

/// Batches one by one, as a run takes them.
public final class BatchStream {
  private let files: String
  private let reader: BatchReader
  private var ahead: BatchesAhead?
  /// Where the batch stands that was given out last.
  private var place = BatchReader.Place()
  private let exchange: any Exchange
  private let signature: ModelSignature
  /// Whether this process is asked to stop, and whether the ranks have agreed to.
  private let isAskedToStop: @Sendable () -> Bool
  private var isAgreed = false

  /// The line of the last batch; nil before the first.
  public var line: Line? { place.line }
  /// Whether the input could not be read, or held a bad batch.
  public var hasFailed: Bool { place.hasFailed }
  /// A digest of the lines of the batches that were given out or passed over: the same for the same batches.
  public var digest: UInt64 { place.hash.value }
  /// How often the data have been gone through with the last batch that was given out or passed over; nil where batches
  /// do not say so.
  var epoch: Int? { place.epoch }
  /// The same with the batch before it.
  var epochBefore: Int? { place.epochBefore }

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
    let lines = LineReader(
      files: exchange.rank == 0 ? files : ["/dev/null"], maxLine: maxLine, stopDescriptor: stopDescriptor,
      isStopped: isStopped)
    reader = BatchReader(
      SharedLines(lines, exchange: exchange, isStopped: isStopped), maxLine: maxLine, for: signature,
      epochsNeededBy: epochsNeededBy)
    self.exchange = exchange
    self.signature = signature
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

  /// Lets a thread of its own read and check the batches that come next while those before are used. It ends with the
  /// process, since it may be waiting for input that does not come. Where several ranks hear of every line together
  /// nothing is read ahead.
  /// - Throws: `ThreadError` if there is no room for the thread.
  public func readAhead() throws {
    guard exchange.ranks == 1, ahead == nil else { return }
    ahead = try BatchesAhead(reader)
  }

  /// The next batch, or nil at the end.
  /// - Throws: `Failure` for a bad batch, `FileError` for failed input, `Interrupted`.
  public func next() throws -> Batch? {
    let item = ahead?.next() ?? reader.next()
    place = item.place
    return try noticing { try item.batch.get() }
  }

  /// Passes batches over that a run has used already. Returns how many there were, at most `count`.
  /// - Precondition: Nothing is read ahead.
  /// - Throws: `FileError` for failed input, `Interrupted`. What is in the batches is not looked at.
  public func skip(_ count: Int) throws -> Int {
    precondition(ahead == nil, "what has been read ahead can't be passed over")
    defer { place = reader.place }
    return try noticing { try reader.skip(count) }
  }

  /// Notes that the run is to stop where that has ended the input.
  private func noticing<Value>(_ read: () throws -> Value) throws -> Value {
    do {
      return try read()
    } catch let error as Interrupted {
      isAgreed = true
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
}
