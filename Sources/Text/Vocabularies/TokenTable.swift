import Glibc

/// Numbers tokens from 0 in the order in which they come, and finds the number of a token again.
///
/// Tokens are compared byte by byte, as Python compares strings. (Swift's String would take a composed and a decomposed
/// é for the same.) An open-addressing hash table over one arena of bytes; a short token is found without a look into
/// it. The hash has a seed, so that nobody can choose tokens that all fall into one slot.
struct TokenTable {
  private struct Slot {
    /// The token's first eight bytes, and its length.
    var beginning: UInt64 = 0
    var length: UInt32 = 0
    var index: Int32 = -1  // -1 marks an empty slot
  }

  private let seed = HashSeed.ofProcess
  private var slots: [Slot]
  private var arena: [UInt8] = []
  private var starts: [Int] = [0]

  /// An empty table that holds `capacity` tokens before it grows.
  init(capacity: Int = 1 << 10) {
    var slotCount = 16
    while 3 * slotCount < 4 * capacity { slotCount *= 2 }
    slots = [Slot](repeating: Slot(), count: slotCount)
  }

  /// The number of tokens.
  var count: Int { starts.count - 1 }

  /// The index of `token`, or nil when it is not in the table.
  func find(_ token: Bytes) -> Int? {
    let index = slots[slotIndex(of: token)].index
    return index < 0 ? nil : Int(index)
  }

  /// The index of `token`, which is added when it is new.
  mutating func add(_ token: Bytes) -> Int {
    var position = slotIndex(of: token)
    if slots[position].index >= 0 { return Int(slots[position].index) }
    if 4 * (count + 1) > 3 * slots.count {
      grow()
      position = slotIndex(of: token)
    }
    slots[position] = Slot(beginning: token.word(at: 0), length: UInt32(clamping: token.count), index: Int32(count))
    arena.append(contentsOf: token)
    starts.append(arena.count)
    return count - 1
  }

  /// Gives the bytes of a token to `body`.
  func withToken<Result>(_ index: Int, _ body: (Bytes) throws -> Result) rethrows -> Result {
    try arena.withUnsafeBufferPointer { try body($0.slice(starts[index], starts[index + 1])) }
  }

  /// Whether the bytes of one token come before those of another.
  func precedes(_ one: Int, _ other: Int) -> Bool {
    withToken(one) { one in
      withToken(other) { other in
        let shared = min(one.count, other.count)
        let order = shared == 0 ? 0 : memcmp(one.baseAddress!, other.baseAddress!, shared)
        return order == 0 ? one.count < other.count : order < 0
      }
    }
  }

  /// Forgets all tokens but keeps the memory.
  mutating func removeAll() {
    for index in slots.indices { slots[index] = Slot() }
    arena.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
  }

  /// The slot that holds `token`, or the empty one where it belongs.
  private func slotIndex(of token: Bytes) -> Int {
    let beginning = token.word(at: 0)
    var position = Int(truncatingIfNeeded: hash(token, beginning)) & (slots.count - 1)
    while true {
      let slot = slots[position]
      if slot.index < 0 { return position }
      if slot.beginning == beginning, slot.length == UInt32(clamping: token.count),
        token.count <= 8 || isRest(of: token, the: Int(slot.index))
      {
        return position
      }
      position = (position + 1) & (slots.count - 1)
    }
  }

  /// Whether a token has the length of `token` and its bytes behind the eighth.
  private func isRest(of token: Bytes, the index: Int) -> Bool {
    starts[index + 1] - starts[index] == token.count
      && arena.withUnsafeBufferPointer {
        memcmp($0.baseAddress! + starts[index] + 8, token.baseAddress! + 8, token.count - 8) == 0
      }
  }

  private mutating func grow() {
    slots = [Slot](repeating: Slot(), count: 2 * slots.count)
    for index in 0..<count {
      arena.withUnsafeBufferPointer { arena in
        let token = arena.slice(starts[index], starts[index + 1])
        slots[slotIndex(of: token)] = Slot(
          beginning: token.word(at: 0), length: UInt32(clamping: token.count), index: Int32(index))
      }
    }
  }

  /// Eight bytes at a time.
  private func hash(_ token: Bytes, _ beginning: UInt64) -> UInt64 {
    var hash = seed.hash(beginning, token.count)
    var index = 8
    while index < token.count {
      hash = seed.combine(hash, token.word(at: index))
      index += 8
    }
    return hash
  }
}
