import CKernels
import Glibc
import Synchronization

/// Worker threads that share the chunks of one job after the other with the calling thread.
///
/// Chunks are taken as a thread is free, so a chunk must not depend on which thread does it or when. Between jobs the
/// workers spin for a moment, since the next job mostly comes within microseconds, and then go to sleep. (A step of a
/// GRU took 14 % more time with `DispatchQueue.concurrentPerform`, one of a small classifier 45 %.)
///
/// Why no thread works on a job that is over: a chunk is taken by changing one word, the `Ticket`, which says how many
/// chunks there are and which is next. The thread that changes it has a chunk of the current job, even if the word has
/// looked the same before; and that job can't end, nor `body` change, before `done` has counted the chunk. `body` is
/// read only in between. `ForkJoinModel` in the tests goes through all orders in which the steps can happen.
public final class ForkJoinPool: @unchecked Sendable {
  private var workers: [WorkerThread] = []
  /// The number of threads, the calling thread among them.
  public var threads: Int { workers.count + 1 }
  private let ticket = Atomic<UInt64>(0)
  /// What waits for one word must not be slowed by writing of another in the same cache line.
  private let gap: InlineArray<16, UInt64> = InlineArray(repeating: 0)
  private let done = Atomic<Int>(0)
  private let body = Atomic<UnsafeRawPointer?>(nil)
  private let isBusy = Atomic<Bool>(false)
  private let isClosed = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let hasJob = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// A pool of `threads`, the calling thread among them. It lasts until it is closed.
  /// - Throws: `ThreadError` if there is no room for so many.
  public init(threads: Int) throws(ThreadError) {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(hasJob, nil)
    workers = try WorkerThread.start(threads - 1, reserve: 0, serve, giveUp: endWorkers)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(hasJob)
    mutex.deallocate()
    hasJob.deallocate()
  }

  /// Ends the threads. Jobs from then on are done by the caller.
  public func close() {
    endWorkers()
    for worker in workers { worker.join() }
    workers = []
  }

  /// Runs `body` for every chunk from 0 to `chunks`, and returns when all are done. While another thread's job runs,
  /// and for more chunks than a ticket holds, the caller does them all.
  public func run(chunks: Int, _ body: (Int) -> Void) {
    guard 2...Ticket.mostChunks ~= chunks, !isBusy.exchange(true, ordering: .acquiring) else {
      for chunk in 0..<chunks { body(chunk) }
      return
    }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { share($0, chunks) }
    }
    isBusy.store(false, ordering: .releasing)
  }

  private func share(_ body: UnsafePointer<(Int) -> Void>, _ chunks: Int) {
    done.store(0, ordering: .relaxed)
    self.body.store(UnsafeRawPointer(body), ordering: .relaxed)
    publish(Ticket(ticket.load(ordering: .relaxed)).following(chunks: chunks))
    while takeChunk() {}
    var turns = 0
    while done.load(ordering: .acquiring) < chunks {
      turns += 1
      if turns % 256 == 0 { sched_yield() } else { pause_briefly() }
    }
  }

  private func publish(_ new: Ticket) {
    ticket.store(new.word, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(hasJob)
      pthread_mutex_unlock(mutex)
    }
  }

  /// Takes a chunk and does it. Returns false when there is none.
  private func takeChunk() -> Bool {
    let seen = Ticket(ticket.load(ordering: .relaxed))
    guard seen.hasChunk else { return false }
    let (isTaken, _) = ticket.compareExchange(
      expected: seen.word, desired: seen.withNextChunk.word, ordering: .acquiringAndReleasing)
    if isTaken {
      let body = body.load(ordering: .relaxed)!
      body.assumingMemoryBound(to: ((Int) -> Void).self).pointee(seen.chunk)
      done.add(1, ordering: .releasing)
    }
    return true
  }

  @Sendable private func serve() {
    while true {
      while takeChunk() {}
      let seen = job
      if isClosed.load(ordering: .acquiring) { return }
      var turns = 0
      while job == seen, turns < 20_000 {
        turns += 1
        // The caller may wait for this very processor.
        if turns % 256 == 0 { sched_yield() } else { pause_briefly() }
      }
      if turns == 20_000 { sleep(after: seen) }
    }
  }

  private var job: UInt32 { Ticket(ticket.load(ordering: .sequentiallyConsistent)).job }

  /// Sleeps until there is a job after the one that was seen, or the pool is closed.
  private func sleep(after seen: UInt32) {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while job == seen, !isClosed.load(ordering: .sequentiallyConsistent) { pthread_cond_wait(hasJob, mutex) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  /// Publishes a job without chunks, which wakes every worker.
  private func endWorkers() {
    isClosed.store(true, ordering: .sequentiallyConsistent)
    publish(Ticket(ticket.load(ordering: .relaxed)).following(chunks: 0))
  }
}

/// What there is to take, in one word: the number of the job, how many chunks it has, and the chunk that is next.
package struct Ticket: Equatable {
  package static let mostChunks = 0xffff
  package let word: UInt64

  package init(_ word: UInt64) { self.word = word }

  /// The number, which tells waiting workers that there is a new job. It starts again after 2³² jobs.
  package var job: UInt32 { UInt32(truncatingIfNeeded: word >> 32) }
  package var chunks: Int { Int(word >> 16 & 0xffff) }
  package var chunk: Int { Int(word & 0xffff) }
  package var hasChunk: Bool { chunk < chunks }
  /// After the next chunk has been taken.
  package var withNextChunk: Ticket { Ticket(word &+ 1) }

  /// The ticket of the next job.
  package func following(chunks: Int) -> Ticket { Ticket(UInt64(job &+ 1) << 32 | UInt64(chunks) << 16) }
}
