/// A model of `ForkJoinPool`: the thread that hands out jobs and the workers, each a program of steps that nobody can
/// look into. `firstFault` goes through all states that any order of the steps leads to.
struct ForkJoinModel {
  /// How the pool works, and ways of working that go wrong.
  enum Version: CaseIterable {
    case asItIs
    /// The number of chunks in a word of its own, read with the old job's ticket. This was so once.
    case countApart
    /// What is to be done is read before the chunk is taken.
    case bodyBeforeChunk
    /// Who goes to sleep does not look again whether there is something, now that it is counted as asleep.
    case sleepWithoutLook
    /// Who goes to sleep looks at the job alone, and not at whether the pool has been closed.
    case sleepWhenClosed
  }

  var version = Version.asItIs
  var workers: Int
  /// The chunks of each job.
  var jobs: [Int]
  /// After so many jobs the numbers start again.
  var numbers = 256

  /// One byte for each variable; the threads' own, of which each has `Own.count`, come last.
  typealias State = SIMD64<UInt8>
  private enum Shared: Int {
    case number, chunks, chunk, count, done, work, sleepers, isLocked, isClosed, job, ran
  }
  private enum Own: Int {
    case step, number, chunks, chunk, work
    static let count = 5
  }
  private enum Step: UInt8 {
    // Of all threads: a chunk is taken.
    case look, readCount, readWorkFirst, take, readWork, begin, end, countDone
    // Of the workers.
    case see, askClosed, wait, lock, countAsleep, lookAgain, asleep, wake, countAwake, unlock, ended
    // Of the one that hands out.
    case next, setCount, setWork, setTicket, askAsleep, lockToWake, wakeAll, unlockAll, finish, join
  }
  private static let firstOwn = 24

  /// What can go wrong, and the number of states looked at.
  func firstFault() -> (fault: String?, states: Int) {
    var start = State()
    start[Self.firstOwn] = Step.next.rawValue
    for worker in 1...workers { start[Self.firstOwn + worker * Own.count] = Step.look.rawValue }
    var known: Set<State> = [start]
    var open = [start]
    while let state = open.popLast() {
      var isStuck = true
      for thread in 0...workers {
        var copy = Run(state: state, thread: thread, model: self)
        guard copy.makeStep() else { continue }
        isStuck = false
        if let fault = copy.fault { return (fault, known.count) }
        let next = sorted(copy.state)
        if known.insert(next).inserted { open.append(next) }
      }
      if isStuck, (0...workers).contains(where: { state[Self.firstOwn + $0 * Own.count] != Step.ended.rawValue }) {
        return ("somebody waits for ever", known.count)
      }
    }
    return (nil, known.count)
  }

  /// The workers are all the same, so their order does not matter.
  private func sorted(_ state: State) -> State {
    var state = state
    func key(_ worker: Int) -> Int {
      (0..<Own.count).reduce(0) { $0 << 8 | Int(state[Self.firstOwn + worker * Own.count + $1]) }
    }
    for _ in 1...workers {
      for worker in 1..<workers where key(worker) > key(worker + 1) {
        for place in 0..<Own.count {
          let a = Self.firstOwn + worker * Own.count + place
          (state[a], state[a + Own.count]) = (state[a + Own.count], state[a])
        }
      }
    }
    return state
  }

  /// A thread's next step in a state.
  private struct Run {
    var state: State
    let thread: Int
    let model: ForkJoinModel
    var fault: String?

    subscript(_ name: Shared) -> Int {
      get { Int(state[name.rawValue]) }
      set { state[name.rawValue] = UInt8(newValue) }
    }
    subscript(_ name: Own) -> Int {
      get { Int(state[ForkJoinModel.firstOwn + thread * Own.count + name.rawValue]) }
      set { state[ForkJoinModel.firstOwn + thread * Own.count + name.rawValue] = UInt8(newValue) }
    }
    private mutating func go(to step: Step) { self[Own.step] = Int(step.rawValue) }

    /// How often a chunk of the present job was begun and ended.
    private func ran(_ chunk: Int) -> Int { Int(state[Shared.ran.rawValue + chunk]) }

    /// Returns false if the thread has to wait.
    mutating func makeStep() -> Bool {
      let isOwner = thread == 0
      switch Step(rawValue: UInt8(self[Own.step]))! {
      case .look:
        (self[Own.number], self[Own.chunks], self[Own.chunk]) = (
          self[Shared.number], self[Shared.chunks], self[Shared.chunk]
        )
        if model.version == .countApart {
          go(to: .readCount)
        } else if self[Own.chunk] >= self[Own.chunks] {
          go(to: isOwner ? .finish : .see)
        } else {
          go(to: model.version == .bodyBeforeChunk ? .readWorkFirst : .take)
        }
      case .readCount:
        go(to: self[Own.chunk] < self[Shared.count] ? .readWorkFirst : isOwner ? .finish : .see)
      case .readWorkFirst:
        self[Own.work] = self[Shared.work]
        go(to: .take)
      case .take:
        let isSame =
          (self[Own.number], self[Own.chunks], self[Own.chunk])
          == (self[Shared.number], self[Shared.chunks], self[Shared.chunk])
        if isSame { self[Shared.chunk] += 1 }
        let readsLater = model.version != .countApart && model.version != .bodyBeforeChunk
        go(to: !isSame ? .look : readsLater ? .readWork : .begin)
      case .readWork:
        self[Own.work] = self[Shared.work]
        go(to: .begin)
      case .begin:
        let chunk = self[Own.chunk]
        if self[Own.work] != self[Shared.job] || self[Own.work] == 0 {
          fault = "a chunk of job \(self[Own.work]) is done in job \(self[Shared.job])"
        } else if chunk >= model.jobs[self[Shared.job] - 1] || ran(chunk) != 0 {
          fault = "chunk \(chunk) is done again"
        } else {
          state[Shared.ran.rawValue + chunk] += 1
        }
        go(to: .end)
      case .end:
        state[Shared.ran.rawValue + self[Own.chunk]] += 1
        go(to: .countDone)
      case .countDone:
        self[Shared.done] += 1
        (self[Own.work], self[Own.number], self[Own.chunks], self[Own.chunk]) = (0, 0, 0, 0)
        go(to: .look)

      case .see:
        (self[Own.number], self[Own.chunks], self[Own.chunk]) = (self[Shared.number], 0, 0)
        go(to: .askClosed)
      case .askClosed:
        if self[Shared.isClosed] == 1 { self[Own.number] = 0 }
        go(to: self[Shared.isClosed] == 1 ? .ended : .wait)
      case .wait:
        // Waiting awake can end at any time.
        go(to: self[Own.number] == self[Shared.number] ? .lock : .look)
      case .lock, .wake, .lockToWake:
        guard self[Shared.isLocked] == 0 else { return false }
        self[Shared.isLocked] = 1
        go(to: isOwner ? .wakeAll : self[Own.step] == Int(Step.lock.rawValue) ? .countAsleep : .lookAgain)
      case .countAsleep:
        self[Shared.sleepers] += 1
        go(to: .lookAgain)
        if model.version == .sleepWithoutLook {
          self[Shared.isLocked] = 0
          go(to: .asleep)
        }
      case .lookAgain:
        let isAwake = self[Shared.isClosed] == 1 && model.version != .sleepWhenClosed
        if self[Own.number] == self[Shared.number], !isAwake {
          self[Shared.isLocked] = 0
          go(to: .asleep)
        } else {
          go(to: .countAwake)
        }
      case .asleep: return false
      case .countAwake:
        self[Shared.sleepers] -= 1
        go(to: .unlock)
      case .unlock:
        self[Shared.isLocked] = 0
        go(to: .look)

      case .next:
        self[Shared.job] += 1
        for chunk in 0..<8 { state[Shared.ran.rawValue + chunk] = 0 }
        if self[Shared.job] <= model.jobs.count { self[Shared.done] = 0 } else { self[Shared.isClosed] = 1 }
        go(to: self[Shared.job] <= model.jobs.count ? .setCount : .setTicket)
      case .setCount:
        self[Shared.count] = model.jobs[self[Shared.job] - 1]
        go(to: .setWork)
      case .setWork:
        self[Shared.work] = self[Shared.job]
        go(to: .setTicket)
      case .setTicket:
        let isPiece = self[Shared.job] <= model.jobs.count
        self[Shared.number] = (self[Shared.number] + 1) % model.numbers
        (self[Shared.chunks], self[Shared.chunk]) = (isPiece ? model.jobs[self[Shared.job] - 1] : 0, 0)
        // Nothing of a job that is over is left where the count stands apart.
        if !isPiece { self[Shared.count] = 0 }
        go(to: .askAsleep)
      case .askAsleep:
        go(to: self[Shared.sleepers] > 0 ? .lockToWake : afterWaking)
      case .wakeAll:
        for worker in 1...model.workers {
          let place = ForkJoinModel.firstOwn + worker * Own.count
          if state[place] == Step.asleep.rawValue { state[place] = Step.wake.rawValue }
        }
        go(to: .unlockAll)
      case .unlockAll:
        self[Shared.isLocked] = 0
        go(to: afterWaking)
      case .finish:
        guard self[Shared.done] >= model.jobs[self[Shared.job] - 1] else { return false }
        if (0..<model.jobs[self[Shared.job] - 1]).contains(where: { ran($0) != 2 }) {
          fault = "job \(self[Shared.job]) is over before all its chunks are"
        }
        (self[Own.work], self[Own.number], self[Own.chunks], self[Own.chunk]) = (0, 0, 0, 0)
        go(to: .next)
      case .join:
        let isOver = (1...model.workers).allSatisfy {
          state[ForkJoinModel.firstOwn + $0 * Own.count] == Step.ended.rawValue
        }
        guard isOver else { return false }
        go(to: .ended)
      case .ended: return false
      }
      return true
    }

    private var afterWaking: Step { self[Shared.job] <= model.jobs.count ? .look : .join }
  }
}
