import CMPI
import Neural
import Threads

/// The processes that `mpirun` has started, as the ranks of a training run.
///
/// Sums are made on a thread of their own, so that they go on while the backward pass does. MPI is called by one thread
/// at a time: `Exchange` says that nothing else comes between a sum's beginning and its end. A failure of MPI ends all
/// ranks, as its own error handler does.
public final class Ranks: Exchange, @unchecked Sendable {
  public let rank: Int
  public let ranks: Int
  private let summing: ThreadPool<SharedSum>
  private let clock = Locked(Clock())

  /// How long the ranks have exchanged numbers.
  public struct Clock: Sendable {
    /// Seconds in exchanges, those included that went on beside the backward pass.
    public var exchanging = 0.0
    /// Seconds for which the run waited for exchanges.
    public var waiting = 0.0
  }

  /// Starts MPI.
  /// - Throws: `ThreadError` where MPI can't be called from several threads, or there is no room for one.
  public init() throws(ThreadError) {
    guard mpi_start() != 0 else { throw ThreadError("this MPI can't be called from threads (MPI_THREAD_SERIALIZED)") }
    (rank, ranks) = (Int(mpi_rank()), Int(mpi_ranks()))
    let (rank, ranks, clock) = (rank, ranks, clock)
    summing = try ThreadPool(threads: ranks > 1 ? 1 : 0) {
      { sum in
        let start = mpi_seconds()
        Ranks.sum(&sum.values, rank: rank, ranks: ranks)
        clock.withLock { $0.exchanging += mpi_seconds() - start }
      }
    }
  }

  /// How long exchanges have taken so far.
  public var times: Clock { clock.withLock { $0 } }

  /// Ends MPI, when all ranks have come here.
  public func end() {
    summing.close()
    mpi_end()
  }

  public func begin(_ sum: SharedSum) {
    if ranks > 1 { summing.start(sum) }
  }

  public func finish(_ sum: SharedSum) {
    guard ranks > 1 else { return }
    let start = mpi_seconds()
    summing.wait(for: sum)
    clock.withLock { $0.waiting += mpi_seconds() - start }
  }

  public func join(_ words: [UInt32]) -> [UInt32] {
    guard ranks > 1 else { return words }
    let start = mpi_seconds()
    var counts = [Int32](repeating: 0, count: ranks)
    mpi_counts(Int32(words.count), &counts)
    let starts = Self.starts(counts)
    let joined = [UInt32](unsafeUninitializedCapacity: counts.reduce(0) { $0 + Int($1) }) { all, count in
      count = all.count
      mpi_join(words, Int32(words.count), all.baseAddress, counts, starts)
    }
    let seconds = mpi_seconds() - start
    clock.withLock {
      $0.exchanging += seconds
      $0.waiting += seconds
    }
    return joined
  }

  /// Every rank sums its part of everybody's numbers in the order of the tree, and tells the others. (The order of
  /// `MPI_Allreduce` is not the same for every number of ranks.)
  private static func sum(_ values: inout [Float], rank: Int, ranks: Int) {
    let counts = (0..<ranks).map { Int32(values.count * ($0 + 1) / ranks - values.count * $0 / ranks) }
    let starts = starts(counts)
    let own = counts[rank]
    var parts = [Float](repeating: 0, count: ranks * Int(own))
    mpi_exchange(
      values, counts, starts, &parts, [Int32](repeating: own, count: ranks), (0..<Int32(ranks)).map { $0 * own })
    parts.withUnsafeMutableBufferPointer { parts in
      if let first = parts.baseAddress { sumPairwise(first, lists: ranks, count: Int(own)) }
    }
    mpi_gather(parts, own, &values, counts, starts)
  }

  private static func starts(_ counts: [Int32]) -> [Int32] {
    counts.reduce(into: (starts: [Int32](), next: Int32(0))) { result, count in
      result.starts.append(result.next)
      result.next += count
    }.starts
  }
}
