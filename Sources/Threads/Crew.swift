import CKernels
import Glibc
import Synchronization

/// Threads that share the parts of one piece of work after the other with the thread that hands it out.
///
/// Parts are taken as somebody is free, so a part must not depend on who does it or when. Between pieces the threads wait
/// awake for a moment, since the next piece mostly comes within microseconds, and then go to sleep.
///
/// Why nobody works on what is over: a part is taken by changing one word, the `Ticket`, which says how many parts there are and
/// which is next. Whoever changes it has a part of the piece that is being handed out, even if the word has looked the same
/// before; and that piece can't end, nor `work` change, before `done` has counted the part. `work` is read only in between.
/// `CrewModel` in the tests goes through all orders in which the steps can happen.
public final class Crew: @unchecked Sendable {
  private var helpers: [WorkerThread] = []
  /// How many threads there are, the one that hands out among them.
  public var threads: Int { helpers.count + 1 }
  private let ticket = Atomic<UInt64>(0)
  /// What waits for one word must not be slowed by writing of another in the same cache line.
  private let gap: InlineArray<16, UInt64> = InlineArray(repeating: 0)
  private let done = Atomic<Int>(0)
  private let work = Atomic<UnsafeRawPointer?>(nil)
  private let isBusy = Atomic<Bool>(false)
  private let isClosed = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let isWork = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// A crew of `threads`, the caller's among them. It lasts until it is closed.
  /// - Throws: `ThreadError` if there is no room for so many.
  public init(threads: Int) throws(ThreadError) {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(isWork, nil)
    helpers = try WorkerThread.start(threads - 1, reserve: 0, help, giveUp: endHelpers)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(isWork)
    mutex.deallocate()
    isWork.deallocate()
  }

  /// Ends the threads. What is handed out from then on is done by the caller.
  public func close() {
    endHelpers()
    for helper in helpers { helper.join() }
    helpers = []
  }

  /// Runs `body` for every part from 0 to `parts`, and returns when all are done. While somebody else is at that, and for
  /// numbers of parts that a ticket does not hold, the caller does them all.
  public func run(parts: Int, _ body: (Int) -> Void) {
    guard 2...Ticket.mostParts ~= parts, !isBusy.exchange(true, ordering: .acquiring) else {
      for part in 0..<parts { body(part) }
      return
    }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { share($0, parts) }
    }
    isBusy.store(false, ordering: .releasing)
  }

  private func share(_ body: UnsafePointer<(Int) -> Void>, _ parts: Int) {
    done.store(0, ordering: .relaxed)
    work.store(UnsafeRawPointer(body), ordering: .relaxed)
    handOut(Ticket(ticket.load(ordering: .relaxed)).following(parts: parts))
    while takePart() {}
    var turns = 0
    while done.load(ordering: .acquiring) < parts {
      turns += 1
      if turns % 256 == 0 { sched_yield() } else { pause_briefly() }
    }
  }

  private func handOut(_ new: Ticket) {
    ticket.store(new.word, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(isWork)
      pthread_mutex_unlock(mutex)
    }
  }

  /// Takes a part and does it. Returns false when there is none.
  private func takePart() -> Bool {
    let seen = Ticket(ticket.load(ordering: .relaxed))
    guard seen.hasPart else { return false }
    let (isTaken, _) = ticket.compareExchange(
      expected: seen.word, desired: seen.withNextPart.word, ordering: .acquiringAndReleasing)
    if isTaken {
      let work = work.load(ordering: .relaxed)!
      work.assumingMemoryBound(to: ((Int) -> Void).self).pointee(seen.part)
      done.add(1, ordering: .releasing)
    }
    return true
  }

  @Sendable private func help() {
    while true {
      while takePart() {}
      let seen = piece
      if isClosed.load(ordering: .acquiring) { return }
      var turns = 0
      while piece == seen, turns < 20_000 {
        turns += 1
        // Who hands out may wait for this very processor.
        if turns % 256 == 0 { sched_yield() } else { pause_briefly() }
      }
      if turns == 20_000 { sleep(after: seen) }
    }
  }

  private var piece: UInt32 { Ticket(ticket.load(ordering: .sequentiallyConsistent)).piece }

  /// Sleeps until there is a piece after the one that was seen, or the crew is closed.
  private func sleep(after seen: UInt32) {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while piece == seen, !isClosed.load(ordering: .sequentiallyConsistent) { pthread_cond_wait(isWork, mutex) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  /// Hands out a piece without parts, which wakes everybody.
  private func endHelpers() {
    isClosed.store(true, ordering: .sequentiallyConsistent)
    handOut(Ticket(ticket.load(ordering: .relaxed)).following(parts: 0))
  }
}

/// What there is to take, in one word: the number of the piece, how many parts it has, and the part that is next.
package struct Ticket: Equatable {
  package static let mostParts = 0xffff
  package let word: UInt64

  package init(_ word: UInt64) { self.word = word }

  /// The number, which tells those who wait that there is something new. It starts again after 2³² pieces.
  package var piece: UInt32 { UInt32(truncatingIfNeeded: word >> 32) }
  package var parts: Int { Int(word >> 16 & 0xffff) }
  package var part: Int { Int(word & 0xffff) }
  package var hasPart: Bool { part < parts }
  /// After the next part has been taken.
  package var withNextPart: Ticket { Ticket(word &+ 1) }

  /// The ticket of the next piece.
  package func following(parts: Int) -> Ticket { Ticket(UInt64(piece &+ 1) << 32 | UInt64(parts) << 16) }
}
