import Glibc
import Synchronization
import Testing
import Threads

/// Every chunk of every job is done once, while the job lasts.
@Suite struct ForkJoinPoolTests {
  /// All orders of the steps of two workers and three jobs, and of three workers and two jobs; also where the numbers
  /// of the jobs are used again at once.
  @Test(arguments: [
    ForkJoinModel(workers: 2, jobs: [2, 5, 3]), ForkJoinModel(workers: 3, jobs: [2, 2]),
    ForkJoinModel(workers: 2, jobs: [2, 2, 2, 2], numbers: 2), ForkJoinModel(workers: 2, jobs: [2, 3, 2], numbers: 1),
    ForkJoinModel(workers: 1, jobs: [5, 2, 5, 3, 2]),
  ])
  func noOrderOfTheStepsGoesWrong(_ model: ForkJoinModel) {
    let (fault, states) = model.firstFault()
    #expect(fault == nil)
    #expect(states > 1000)
  }

  /// The same search finds what is wrong with pools that work otherwise, as this one once did.
  @Test(arguments: [
    (ForkJoinModel.Version.countApart, "a chunk of job", 256), (.bodyBeforeChunk, "a chunk of job", 1),
    (.sleepWithoutLook, "somebody waits for ever", 256), (.sleepWhenClosed, "somebody waits for ever", 2),
  ])
  func theSearchFindsTheFaultsOfOtherPools(_ version: ForkJoinModel.Version, _ expected: String, _ numbers: Int) {
    let model = ForkJoinModel(version: version, workers: 2, jobs: [2, 5, 2], numbers: numbers)
    #expect(model.firstFault().fault?.hasPrefix(expected) == true)
  }

  /// Pieces of few and of many chunks in turn, which once made a worker take a chunk of a job that was over.
  @Test(arguments: [2, 3, 5]) func everyChunkIsDoneOnce(_ threads: Int) throws {
    let pool = try ForkJoinPool(threads: threads)
    defer { pool.close() }
    nonisolated(unsafe) let counts = UnsafeMutablePointer<Int>.allocate(capacity: 8)
    counts.initialize(repeating: 0, count: 8)
    defer { counts.deallocate() }
    var wrong = 0
    var state: UInt64 = 1
    for job in 1...300_000 {
      let chunks = [2, 5, 3, 5, 2, 8, 5, 2][job % 8]
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Gives way now and then, so that the others come in even where there is one processor.
      let yielding = Int(state >> 33) % 64
      for chunk in 0..<8 { counts[chunk] = 0 }
      pool.run(chunks: chunks) { chunk in
        if chunk == yielding { sched_yield() }
        counts[chunk] += job
      }
      for chunk in 0..<8 where counts[chunk] != (chunk < chunks ? job : 0) { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  /// A job within a job, and jobs that two threads hand out at once, are done by whoever came second.
  @Test func jobsWithinJobsAreDone() throws {
    let pool = try ForkJoinPool(threads: 3)
    defer { pool.close() }
    let count = Atomic(0)
    pool.run(chunks: 7) { _ in pool.run(chunks: 5) { _ in count.add(1, ordering: .relaxed) } }
    #expect(count.load(ordering: .relaxed) == 35)
    let other = try WorkerThread {
      for _ in 0..<1000 { pool.run(chunks: 4) { _ in count.add(1, ordering: .relaxed) } }
    }
    for _ in 0..<1000 { pool.run(chunks: 3) { _ in count.add(1, ordering: .relaxed) } }
    other.join()
    #expect(count.load(ordering: .relaxed) == 7035)
  }

  /// Numbers of chunks that a ticket does not hold, and a pool that has been closed.
  @Test(arguments: [0, 1, 2, Ticket.mostChunks, Ticket.mostChunks + 1, 200_000])
  func anyNumberOfPartsIsDone(_ chunks: Int) throws {
    let pool = try ForkJoinPool(threads: 2)
    let count = Atomic(0)
    pool.run(chunks: chunks) { _ in count.add(1, ordering: .relaxed) }
    #expect(count.load(ordering: .relaxed) == chunks)
    pool.close()
    pool.run(chunks: chunks) { _ in count.add(1, ordering: .relaxed) }
    #expect(count.load(ordering: .relaxed) == 2 * chunks)
  }

  @Test func aTicketHoldsWhatItIsMadeOf() {
    var ticket = Ticket(UInt64(UInt32.max) << 32).following(chunks: Ticket.mostChunks)
    #expect(ticket.job == 0 && ticket.chunks == 65535 && ticket.chunk == 0 && ticket.hasChunk)
    for _ in 0..<65535 { ticket = ticket.withNextChunk }
    #expect(ticket.job == 0 && ticket.chunks == 65535 && ticket.chunk == 65535 && !ticket.hasChunk)
    #expect(ticket.following(chunks: 2) == Ticket(1 << 32 | 2 << 16))
  }
}
