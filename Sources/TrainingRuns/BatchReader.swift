import Batches
import Files
import Filters
import JSONLines
import Models
import Neural
import Text

/// Reads the batches of a stream one after the other, and checks each. One thread at a time may use it.
final class BatchReader: @unchecked Sendable {
  /// What is known of a stream behind a batch.
  struct Place {
    /// The line of the batch, without its bytes; nil before the first.
    var line: Line?
    /// Whether the input could not be read, or held a bad batch.
    var hasFailed = false
    /// Of the lines of all batches up to here.
    var hash = FNV1a()
    /// The rows of the batch, which the next one may continue; 0 at the beginning.
    var rows = 0
    /// How often the data have been gone through with the batch, and with the one before it; nil where batches do not
    /// say so.
    var epoch: Int?, epochBefore: Int?
  }

  /// What came of reading on: a batch, nil at the end, or what was wrong; and the place behind it.
  struct Item {
    let batch: Result<Batch?, any Error>
    let place: Place
  }

  private let lines: SharedLines
  private let maxLine: Int
  private let signature: ModelSignature
  private let epochsNeededBy: String?
  private(set) var place = Place()

  /// - Parameters: As those of `BatchStream`.
  init(_ lines: SharedLines, maxLine: Int, for signature: ModelSignature, epochsNeededBy: String?) {
    (self.lines, self.maxLine, self.signature, self.epochsNeededBy) = (lines, maxLine, signature, epochsNeededBy)
  }

  /// The next batch, which may be waited for; or nil, `Failure` for a bad batch, `FileError` for failed input, or
  /// `BatchStream.Interrupted`.
  func next() -> Item { item { try lines.next() } }

  /// The next batch, and all behind it that need no waiting, up to the first that is none.
  func allAtHand() -> [Item] {
    var items = [next()]
    while case .success(.some) = items[items.count - 1].batch, let line = lines.nextAtHand() {
      items.append(item { line })
    }
    return items
  }

  /// Passes lines over, as `BatchStream.skip` says.
  func skip(_ count: Int) throws -> Int {
    for skipped in 0..<count {
      guard let line = try lines.next() else { return skipped }
      place.line = Line(bytes: nil, file: line.file, number: line.number)
      if let bytes = line.bytes { place.hash.combine(bytes) }
      // The next batch may continue the last one. What else these hold is known to be right if the digest is.
      if skipped >= count - 2, let record = try? line.bytes.map({ try BatchRecord(Record($0)) }) {
        note(record)
      }
    }
    return count
  }

  private func item(_ nextLine: () throws -> Line?) -> Item {
    let read = Result { try batch(nextLine) }
    return Item(batch: read, place: place)
  }

  private func batch(_ nextLine: () throws -> Line?) throws -> Batch? {
    do {
      guard let line = try nextLine() else { return nil }
      place.line = Line(bytes: nil, file: line.file, number: line.number)
      let batch = try batch(line)
      if let bytes = line.bytes { place.hash.combine(bytes) }
      return batch
    } catch let error as RecordError {
      place.hasFailed = true
      throw Failure(error, in: place.line!)
    } catch let error as FileError {
      place.hasFailed = true
      throw error
    }
  }

  private func batch(_ line: Line) throws -> Batch {
    guard let bytes = line.bytes, bytes.count <= maxLine else {
      throw RecordError("the line is longer than \(ByteCount(maxLine)) bytes (--max-line)")
    }
    let record = try BatchRecord(Record(bytes))
    try signature.check(record, rowsBefore: place.rows)
    if let epochsNeededBy {
      guard let next = record.epoch else {
        throw RecordError(
          "field \"epoch\" is missing, which \(epochsNeededBy) needs: give batch --epochs N or --repeat")
      }
      guard next >= place.epoch ?? 0 else {
        throw RecordError(
          "field \"epoch\" holds \(next) after \(place.epoch!), but \(epochsNeededBy) needs epochs that go on")
      }
    }
    note(record)
    return Batch(record)
  }

  private func note(_ record: BatchRecord) {
    place.rows = record.rows
    (place.epochBefore, place.epoch) = (place.epoch, record.epoch)
  }
}
