import Glibc

/// Numbers tokens from 0 in the order in which they come, and finds the number of a token again.
///
/// Tokens are compared byte by byte, as Python compares strings. (Swift's String would take a composed and a
/// decomposed é for the same.) An open-addressing hash table over one arena of bytes.
struct TokenTable {
  private struct Slot {
    var hash: UInt32 = 0
    var index: Int32 = -1  // -1 marks an empty slot
  }

  private var slots: [Slot]
  private var arena: [UInt8] = []
  private var starts: [Int] = [0]

  /// An empty table that holds `capacity` tokens before it grows.
  init(capacity: Int = 1 << 10) {
    var slotCount = 16
    while slotCount < 2 * capacity { slotCount *= 2 }
    slots = [Slot](repeating: Slot(), count: slotCount)
  }

  /// The number of tokens.
  var count: Int { starts.count - 1 }

  /// The index of `token`, or nil when it is not in the table.
  func find(_ token: Bytes) -> Int? {
    let index = slots[place(of: token, Self.hash(token))].index
    return index < 0 ? nil : Int(index)
  }

  /// The index of `token`, which is added when it is new.
  mutating func add(_ token: Bytes) -> Int {
    let hash = Self.hash(token)
    var place = place(of: token, hash)
    if slots[place].index >= 0 { return Int(slots[place].index) }
    if 2 * (count + 1) > slots.count {
      grow()
      place = self.place(of: token, hash)
    }
    slots[place] = Slot(hash: hash, index: Int32(count))
    arena.append(contentsOf: token)
    starts.append(arena.count)
    return count - 1
  }

  /// Gives the bytes of a token to `body`.
  func withToken<Result>(_ index: Int, _ body: (Bytes) throws -> Result) rethrows -> Result {
    try arena.withUnsafeBufferPointer { try body($0.slice(starts[index], starts[index + 1])) }
  }

  /// Forgets all tokens but keeps the memory.
  mutating func removeAll() {
    for place in slots.indices { slots[place] = Slot() }
    arena.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
  }

  /// The slot that holds `token`, or the empty one where it belongs.
  private func place(of token: Bytes, _ hash: UInt32) -> Int {
    var place = Int(hash) & (slots.count - 1)
    while slots[place].index >= 0 {
      let slot = slots[place]
      if slot.hash == hash {
        let start = starts[Int(slot.index)]
        let length = starts[Int(slot.index) + 1] - start
        let isSame = arena.withUnsafeBufferPointer { arena in
          length == token.count
            && (length == 0 || memcmp(arena.baseAddress! + start, token.baseAddress!, length) == 0)
        }
        if isSame { return place }
      }
      place = (place + 1) & (slots.count - 1)
    }
    return place
  }

  private mutating func grow() {
    var larger = [Slot](repeating: Slot(), count: 2 * slots.count)
    for slot in slots where slot.index >= 0 {
      var place = Int(slot.hash) & (larger.count - 1)
      while larger[place].index >= 0 { place = (place + 1) & (larger.count - 1) }
      larger[place] = slot
    }
    slots = larger
  }

  /// FNV-1a over 32 bits, with a final mix because the table looks at the low bits.
  private static func hash(_ token: Bytes) -> UInt32 {
    var hash: UInt32 = 0x811c_9dc5
    for byte in token { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    return hash ^ hash >> 15
  }
}
