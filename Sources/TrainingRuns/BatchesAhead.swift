import Threads

/// Batches that a thread of its own reads and checks while those before are used: two readings of what there is without
/// waiting, of which one is used while the other is made.
///
/// What is wrong with a batch is thrown in its turn, and the place that goes with a batch is that behind it, so that it
/// does not show how far the thread is.
final class BatchesAhead {
  private final class Reading: @unchecked Sendable {
    var items: [BatchReader.Item] = []
  }

  private let pool: ThreadPool<Reading>
  /// Those that were begun, in their order.
  private var begun: [Reading] = []
  private var items: ArraySlice<BatchReader.Item> = []

  /// - Parameter reader: The reader, which nobody else uses from now on.
  /// - Throws: `ThreadError` if there is no room for the thread.
  init(_ reader: BatchReader) throws(ThreadError) {
    pool = try ThreadPool(threads: 1) { { $0.items = reader.allAtHand() } }
    for _ in 0..<2 { begin(Reading()) }
  }

  private func begin(_ reading: Reading) {
    begun.append(reading)
    pool.start(reading)
  }

  /// The next batch, as `BatchReader.next` gives it.
  func next() -> BatchReader.Item {
    if items.isEmpty {
      let reading = begun.removeFirst()
      pool.wait(for: reading)
      items = reading.items[...]
      begin(Reading())
    }
    return items.removeFirst()
  }
}
