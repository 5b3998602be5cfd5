import CKernels
import Glibc
import Synchronization

/// Threads that share the parts of one piece of work after the other with the thread that hands it out.
///
/// Parts are taken as somebody is free, so a part must not depend on who does it or when. Between pieces the threads wait
/// awake for a moment, since the next piece mostly comes within microseconds, and then go to sleep.
final class Crew: @unchecked Sendable {
  /// How many threads there are beside the one that hands out.
  private let helpers: Int
  /// How many threads there are.
  var threads: Int { helpers + 1 }
  /// The number of the piece, and of the part that is to be taken next: one word, so that nobody takes a part of a piece that
  /// is over.
  private let next = Atomic<UInt64>(0)
  /// What waits for one word must not be slowed by writing of another in the same cache line.
  private let gap: InlineArray<16, UInt64> = InlineArray(repeating: 0)
  private let count = Atomic<Int>(0)
  private let done = Atomic<Int>(0)
  private let work = Atomic<UnsafeRawPointer?>(nil)
  private let isBusy = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let isWork = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// A crew of `threads`, the caller's among them. It lasts as long as the process.
  init(threads: Int) {
    helpers = threads - 1
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(isWork, nil)
    for _ in 0..<helpers {
      var thread = pthread_t()
      let crew = Unmanaged.passRetained(self).toOpaque()
      let status = pthread_create(&thread, nil, { Unmanaged<Crew>.fromOpaque($0!).takeUnretainedValue().help() }, crew)
      precondition(status == 0, "can't start a thread: \(String(cString: strerror(status)))")
      pthread_detach(thread)
    }
  }

  /// Runs `body` for every part from 0 to `parts`, and returns when all are done.
  func run(parts: Int, _ body: (Int) -> Void) {
    guard parts > 1, !isBusy.exchange(true, ordering: .acquiring) else {
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
    count.store(parts, ordering: .relaxed)
    work.store(UnsafeRawPointer(body), ordering: .relaxed)
    let piece = next.load(ordering: .relaxed) >> 32 &+ 1
    next.store(piece << 32, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      pthread_mutex_lock(mutex)
      pthread_cond_broadcast(isWork)
      pthread_mutex_unlock(mutex)
    }
    while takePart() {}
    var turns = 0
    while done.load(ordering: .acquiring) < parts {
      turns += 1
      if turns % 256 == 0 { sched_yield() } else { pause_briefly() }
    }
  }

  /// Takes a part and does it. Returns false when there is none.
  private func takePart() -> Bool {
    let ticket = next.load(ordering: .acquiring)
    let part = Int(ticket & 0xffff_ffff)
    guard part < count.load(ordering: .relaxed), let work = work.load(ordering: .relaxed) else { return false }
    // Succeeds only while the piece is the one that count and work belong to; it can't end before this part is done.
    let (isTaken, _) = next.compareExchange(expected: ticket, desired: ticket + 1, ordering: .acquiringAndReleasing)
    if isTaken {
      work.assumingMemoryBound(to: ((Int) -> Void).self).pointee(part)
      done.add(1, ordering: .releasing)
    }
    return true
  }

  private func help() -> UnsafeMutableRawPointer? {
    while true {
      while takePart() {}
      let seen = next.load(ordering: .acquiring) >> 32
      var turns = 0
      while next.load(ordering: .acquiring) >> 32 == seen, turns < 20_000 {
        turns += 1
        // Who hands out may wait for this very processor.
        if turns % 256 == 0 { sched_yield() } else { pause_briefly() }
      }
      if turns == 20_000 { sleep(after: seen) }
    }
  }

  /// Sleeps until there is a piece after the one that was seen.
  private func sleep(after seen: UInt64) {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while next.load(ordering: .sequentiallyConsistent) >> 32 == seen { pthread_cond_wait(isWork, mutex) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }
}
