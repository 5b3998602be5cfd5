import Threads

/// Batches that a thread of its own reads and checks while those before are used: what there is without waiting, in one
/// reading after the other, each of which is made while the one before is used.
///
/// What is wrong with a batch is thrown in its turn, and the place that goes with a batch is that behind it, so that it
/// does not show how far the thread is.
final class BatchesAhead {
  private final class Reading: @unchecked Sendable {
    var items: [BatchReader.Item] = []
  }

  private let pool: ThreadPool<Reading>
  /// The one that is being made.
  private var reading = Reading()
  private var items: ArraySlice<BatchReader.Item> = []

  /// - Parameter reader: The reader, which nobody else uses from now on.
  /// - Throws: `ThreadError` if there is no room for the thread.
  init(_ reader: BatchReader) throws(ThreadError) {
    pool = try ThreadPool(threads: 1) { { $0.items = reader.allAtHand() } }
    pool.start(reading)
  }

  /// The next batch, as `BatchReader.next` gives it.
  func next() -> BatchReader.Item {
    if items.isEmpty {
      pool.wait(for: reading)
      items = reading.items[...]
      reading = Reading()
      pool.start(reading)
    }
    return items.removeFirst()
  }
}
