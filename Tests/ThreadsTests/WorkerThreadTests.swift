import Glibc
import Synchronization
import Testing
import Threads

@Suite struct WorkerThreadTests {
  /// All or none are started: where there is no room, those that run are told to give up and waited for.
  @Test func withoutRoomNoThreadIsLeft() throws {
    let started = Atomic(0)
    let ended = Atomic(0)
    let isOver = Atomic(false)
    #expect(throws: ThreadError.self) {
      try WorkerThread.start(
        3, reserve: 1 << 60,
        {
          started.add(1, ordering: .relaxed)
          while !isOver.load(ordering: .relaxed) { sched_yield() }
          ended.add(1, ordering: .relaxed)
        }, giveUp: { isOver.store(true, ordering: .relaxed) })
    }
    #expect(started.load(ordering: .relaxed) == 3 && ended.load(ordering: .relaxed) == 3)
  }

  @Test func aPoolWithoutRoomIsRefused() {
    #expect(throws: ThreadError.self) { _ = try ThreadPool<Job>(threads: 2, reserve: 1 << 60) { { _ in } } }
  }

  @Test func roomIsWhatCanBeHad() {
    #expect(hasRoom(for: 0) && hasRoom(for: 1 << 20))
    #expect(!hasRoom(for: 1 << 60) && !hasRoom(for: .max))
  }

  final class Job: Sendable {}
}
