import Glibc
import Neural
import Threads

/// Ranks of a run that are threads of one process.
public final class LocalRanks: @unchecked Sendable {
  private let barrier = UnsafeMutablePointer<pthread_barrier_t>.allocate(capacity: 1)
  private let told: Locked<[[UInt32]]>

  /// Calls `body` for every one of so many ranks, all at once, and returns what each has returned.
  public static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (any Exchange) throws -> Result
  ) throws -> [Result] {
    let ranks = LocalRanks(count)
    let results = Locked([Swift.Result<Result, any Error>?](repeating: nil, count: count))
    let threads = try (0..<count).map { rank in
      try WorkerThread {
        let result = Swift.Result { try body(LocalRank(ranks: count, rank: rank, all: ranks)) }
        results.withLock { $0[rank] = result }
      }
    }
    for thread in threads { thread.join() }
    return try results.withLock { try $0.map { try $0!.get() } }
  }

  private init(_ count: Int) {
    told = Locked(Array(repeating: [], count: count))
    pthread_barrier_init(barrier, nil, UInt32(count))
  }

  deinit {
    pthread_barrier_destroy(barrier)
    barrier.deallocate()
  }

  /// What all ranks tell, one behind the other, when all have come here. It is copied under the lock: the thread sanitizer can't see that
  /// an array that was handed out is not written to while somebody has it.
  fileprivate func tell(_ words: [UInt32], _ rank: Int) -> [UInt32] {
    told.withLock { $0[rank] = words }
    pthread_barrier_wait(barrier)
    let all = told.withLock { Array($0.joined()) }
    pthread_barrier_wait(barrier)
    return all
  }
}

private struct LocalRank: Exchange {
  let ranks: Int, rank: Int
  let all: LocalRanks

  func join(_ words: [UInt32]) -> [UInt32] { all.tell(words, rank) }

  func begin(_ sum: SharedSum) {}

  func finish(_ sum: SharedSum) {
    var lists = all.tell(sum.values.map(\.bitPattern), rank).map(Float.init(bitPattern:))
    let count = sum.values.count
    lists.withUnsafeMutableBufferPointer { sumPairwise($0.baseAddress!, lists: ranks, count: count) }
    sum.values = Array(lists[..<count])
  }
}
