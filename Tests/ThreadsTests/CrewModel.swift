/// A model of `Crew`: the thread that hands out pieces and the helpers, each a program of steps that nobody can look into.
/// `firstFault` goes through all states that any order of the steps leads to.
struct CrewModel {
  /// How the crew works, and ways of working that go wrong.
  enum Version: CaseIterable {
    case asItIs
    /// The number of parts in a word of its own, read with the old piece's ticket. This was so once.
    case countApart
    /// What is to be done is read before the part is taken.
    case workBeforePart
    /// Who goes to sleep does not look again whether there is something, now that it is counted as asleep.
    case sleepWithoutLook
    /// Who goes to sleep looks at the piece alone, and not at whether the crew has been closed.
    case sleepWhenClosed
  }

  var version = Version.asItIs
  var helpers: Int
  /// The parts of each piece.
  var pieces: [Int]
  /// After so many pieces the numbers start again.
  var numbers = 256

  /// One byte for each variable; the threads' own, of which each has `Own.count`, come last.
  typealias State = SIMD64<UInt8>
  private enum Shared: Int {
    case number, parts, part, count, done, work, sleepers, isLocked, isClosed, piece, ran
  }
  private enum Own: Int {
    case step, number, parts, part, work
    static let count = 5
  }
  private enum Step: UInt8 {
    // Of all threads: a part is taken.
    case look, readCount, readWorkFirst, take, readWork, begin, end, countDone
    // Of the helpers.
    case see, askClosed, wait, lock, countAsleep, lookAgain, asleep, wake, countAwake, unlock, ended
    // Of the one that hands out.
    case next, setCount, setWork, setTicket, askAsleep, lockToWake, wakeAll, unlockAll, finish, join
  }
  private static let firstOwn = 24

  /// What can go wrong, and the number of states looked at.
  func firstFault() -> (fault: String?, states: Int) {
    var start = State()
    start[Self.firstOwn] = Step.next.rawValue
    for helper in 1...helpers { start[Self.firstOwn + helper * Own.count] = Step.look.rawValue }
    var known: Set<State> = [start]
    var open = [start]
    while let state = open.popLast() {
      var isStuck = true
      for thread in 0...helpers {
        var copy = Run(state: state, thread: thread, model: self)
        guard copy.makeStep() else { continue }
        isStuck = false
        if let fault = copy.fault { return (fault, known.count) }
        let next = sorted(copy.state)
        if known.insert(next).inserted { open.append(next) }
      }
      if isStuck, (0...helpers).contains(where: { state[Self.firstOwn + $0 * Own.count] != Step.ended.rawValue }) {
        return ("somebody waits for ever", known.count)
      }
    }
    return (nil, known.count)
  }

  /// The helpers are all the same, so their order does not matter.
  private func sorted(_ state: State) -> State {
    var state = state
    func key(_ helper: Int) -> Int {
      (0..<Own.count).reduce(0) { $0 << 8 | Int(state[Self.firstOwn + helper * Own.count + $1]) }
    }
    for _ in 1...helpers {
      for helper in 1..<helpers where key(helper) > key(helper + 1) {
        for place in 0..<Own.count {
          let a = Self.firstOwn + helper * Own.count + place
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
    let model: CrewModel
    var fault: String?

    subscript(_ name: Shared) -> Int {
      get { Int(state[name.rawValue]) }
      set { state[name.rawValue] = UInt8(newValue) }
    }
    subscript(_ name: Own) -> Int {
      get { Int(state[CrewModel.firstOwn + thread * Own.count + name.rawValue]) }
      set { state[CrewModel.firstOwn + thread * Own.count + name.rawValue] = UInt8(newValue) }
    }
    private mutating func go(to step: Step) { self[Own.step] = Int(step.rawValue) }

    /// How often a part of the present piece was begun and ended.
    private func ran(_ part: Int) -> Int { Int(state[Shared.ran.rawValue + part]) }

    /// Returns false if the thread has to wait.
    mutating func makeStep() -> Bool {
      let isOwner = thread == 0
      switch Step(rawValue: UInt8(self[Own.step]))! {
      case .look:
        (self[Own.number], self[Own.parts], self[Own.part]) = (
          self[Shared.number], self[Shared.parts], self[Shared.part]
        )
        if model.version == .countApart {
          go(to: .readCount)
        } else if self[Own.part] >= self[Own.parts] {
          go(to: isOwner ? .finish : .see)
        } else {
          go(to: model.version == .workBeforePart ? .readWorkFirst : .take)
        }
      case .readCount:
        go(to: self[Own.part] < self[Shared.count] ? .readWorkFirst : isOwner ? .finish : .see)
      case .readWorkFirst:
        self[Own.work] = self[Shared.work]
        go(to: .take)
      case .take:
        let isSame =
          (self[Own.number], self[Own.parts], self[Own.part])
          == (self[Shared.number], self[Shared.parts], self[Shared.part])
        if isSame { self[Shared.part] += 1 }
        let readsLater = model.version != .countApart && model.version != .workBeforePart
        go(to: !isSame ? .look : readsLater ? .readWork : .begin)
      case .readWork:
        self[Own.work] = self[Shared.work]
        go(to: .begin)
      case .begin:
        let part = self[Own.part]
        if self[Own.work] != self[Shared.piece] || self[Own.work] == 0 {
          fault = "a part of piece \(self[Own.work]) is done in piece \(self[Shared.piece])"
        } else if part >= model.pieces[self[Shared.piece] - 1] || ran(part) != 0 {
          fault = "part \(part) is done again"
        } else {
          state[Shared.ran.rawValue + part] += 1
        }
        go(to: .end)
      case .end:
        state[Shared.ran.rawValue + self[Own.part]] += 1
        go(to: .countDone)
      case .countDone:
        self[Shared.done] += 1
        (self[Own.work], self[Own.number], self[Own.parts], self[Own.part]) = (0, 0, 0, 0)
        go(to: .look)

      case .see:
        (self[Own.number], self[Own.parts], self[Own.part]) = (self[Shared.number], 0, 0)
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
        self[Shared.piece] += 1
        for part in 0..<8 { state[Shared.ran.rawValue + part] = 0 }
        if self[Shared.piece] <= model.pieces.count { self[Shared.done] = 0 } else { self[Shared.isClosed] = 1 }
        go(to: self[Shared.piece] <= model.pieces.count ? .setCount : .setTicket)
      case .setCount:
        self[Shared.count] = model.pieces[self[Shared.piece] - 1]
        go(to: .setWork)
      case .setWork:
        self[Shared.work] = self[Shared.piece]
        go(to: .setTicket)
      case .setTicket:
        let isPiece = self[Shared.piece] <= model.pieces.count
        self[Shared.number] = (self[Shared.number] + 1) % model.numbers
        (self[Shared.parts], self[Shared.part]) = (isPiece ? model.pieces[self[Shared.piece] - 1] : 0, 0)
        // Nothing of a piece that is over is left where the count stands apart.
        if !isPiece { self[Shared.count] = 0 }
        go(to: .askAsleep)
      case .askAsleep:
        go(to: self[Shared.sleepers] > 0 ? .lockToWake : afterWaking)
      case .wakeAll:
        for helper in 1...model.helpers {
          let place = CrewModel.firstOwn + helper * Own.count
          if state[place] == Step.asleep.rawValue { state[place] = Step.wake.rawValue }
        }
        go(to: .unlockAll)
      case .unlockAll:
        self[Shared.isLocked] = 0
        go(to: afterWaking)
      case .finish:
        guard self[Shared.done] >= model.pieces[self[Shared.piece] - 1] else { return false }
        if (0..<model.pieces[self[Shared.piece] - 1]).contains(where: { ran($0) != 2 }) {
          fault = "piece \(self[Shared.piece]) is over before all its parts are"
        }
        (self[Own.work], self[Own.number], self[Own.parts], self[Own.part]) = (0, 0, 0, 0)
        go(to: .next)
      case .join:
        let isOver = (1...model.helpers).allSatisfy {
          state[CrewModel.firstOwn + $0 * Own.count] == Step.ended.rawValue
        }
        guard isOver else { return false }
        go(to: .ended)
      case .ended: return false
      }
      return true
    }

    private var afterWaking: Step { self[Shared.piece] <= model.pieces.count ? .look : .join }
  }
}
