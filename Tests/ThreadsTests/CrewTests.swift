import Glibc
import Synchronization
import Testing
import Threads

/// Every part of every piece is done once, while the piece lasts.
@Suite struct CrewTests {
  /// All orders of the steps of two helpers and three pieces, and of three helpers and two pieces; also where the numbers of
  /// the pieces are used again at once.
  @Test(arguments: [
    CrewModel(helpers: 2, pieces: [2, 5, 3]), CrewModel(helpers: 3, pieces: [2, 2]),
    CrewModel(helpers: 2, pieces: [2, 2, 2, 2], numbers: 2), CrewModel(helpers: 2, pieces: [2, 3, 2], numbers: 1),
    CrewModel(helpers: 1, pieces: [5, 2, 5, 3, 2]),
  ])
  func noOrderOfTheStepsGoesWrong(_ model: CrewModel) {
    let (fault, states) = model.firstFault()
    #expect(fault == nil)
    #expect(states > 1000)
  }

  /// The same search finds what is wrong with crews that work otherwise, as this one once did.
  @Test(arguments: [
    (CrewModel.Version.countApart, "a part of piece", 256), (.workBeforePart, "a part of piece", 1),
    (.sleepWithoutLook, "somebody waits for ever", 256), (.sleepWhenClosed, "somebody waits for ever", 2),
  ])
  func theSearchFindsTheFaultsOfOtherCrews(_ version: CrewModel.Version, _ expected: String, _ numbers: Int) {
    let model = CrewModel(version: version, helpers: 2, pieces: [2, 5, 2], numbers: numbers)
    #expect(model.firstFault().fault?.hasPrefix(expected) == true)
  }

  /// Pieces of few and of many parts in turn, which once made a helper take a part of a piece that was over.
  @Test(arguments: [2, 3, 5]) func everyPartIsDoneOnce(_ threads: Int) throws {
    let crew = try Crew(threads: threads)
    defer { crew.close() }
    nonisolated(unsafe) let counts = UnsafeMutablePointer<Int>.allocate(capacity: 8)
    counts.initialize(repeating: 0, count: 8)
    defer { counts.deallocate() }
    var wrong = 0
    var state: UInt64 = 1
    for piece in 1...300_000 {
      let parts = [2, 5, 3, 5, 2, 8, 5, 2][piece % 8]
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Gives way now and then, so that the others come in even where there is one processor.
      let yielding = Int(state >> 33) % 64
      for part in 0..<8 { counts[part] = 0 }
      crew.run(parts: parts) { part in
        if part == yielding { sched_yield() }
        counts[part] += piece
      }
      for part in 0..<8 where counts[part] != (part < parts ? piece : 0) { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  /// A piece within a piece, and pieces that two threads hand out at once, are done by whoever came second.
  @Test func piecesWithinPiecesAreDone() throws {
    let crew = try Crew(threads: 3)
    defer { crew.close() }
    let count = Atomic(0)
    crew.run(parts: 7) { _ in crew.run(parts: 5) { _ in count.add(1, ordering: .relaxed) } }
    #expect(count.load(ordering: .relaxed) == 35)
    let other = try WorkerThread {
      for _ in 0..<1000 { crew.run(parts: 4) { _ in count.add(1, ordering: .relaxed) } }
    }
    for _ in 0..<1000 { crew.run(parts: 3) { _ in count.add(1, ordering: .relaxed) } }
    other.join()
    #expect(count.load(ordering: .relaxed) == 7035)
  }

  /// Numbers of parts that a ticket does not hold, and a crew that has been closed.
  @Test(arguments: [0, 1, 2, Ticket.mostParts, Ticket.mostParts + 1, 200_000])
  func anyNumberOfPartsIsDone(_ parts: Int) throws {
    let crew = try Crew(threads: 2)
    let count = Atomic(0)
    crew.run(parts: parts) { _ in count.add(1, ordering: .relaxed) }
    #expect(count.load(ordering: .relaxed) == parts)
    crew.close()
    crew.run(parts: parts) { _ in count.add(1, ordering: .relaxed) }
    #expect(count.load(ordering: .relaxed) == 2 * parts)
  }

  @Test func aTicketHoldsWhatItIsMadeOf() {
    var ticket = Ticket(UInt64(UInt32.max) << 32).following(parts: Ticket.mostParts)
    #expect(ticket.piece == 0 && ticket.parts == 65535 && ticket.part == 0 && ticket.hasPart)
    for _ in 0..<65535 { ticket = ticket.withNextPart }
    #expect(ticket.piece == 0 && ticket.parts == 65535 && ticket.part == 65535 && !ticket.hasPart)
    #expect(ticket.following(parts: 2) == Ticket(1 << 32 | 2 << 16))
  }
}
