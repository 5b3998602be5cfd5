/// Pieces by their beginnings: finds the longest that a text goes on with in one pass over its bytes.
struct SubwordTrie: Sendable {
  private struct Slot {
    /// A node and the byte that leads on from it.
    var key = UInt64.max
    var child: Int32 = 0
  }

  private let seed = HashSeed.ofProcess
  private var slots = [Slot](repeating: Slot(), count: 1 << 10)
  /// The id of the piece that ends at a node; -1 at others. Node 0 is the beginning.
  private var ids: [Int32] = [-1]

  /// Adds a piece; of equal ones the last has the id.
  mutating func add(_ piece: [UInt8], id: Int) {
    var node = 0
    for byte in piece {
      let key = UInt64(node) << 8 | UInt64(byte)
      var place = place(of: key)
      if slots[place].key != key {
        if 2 * ids.count > slots.count {
          grow()
          place = self.place(of: key)
        }
        slots[place] = Slot(key: key, child: Int32(ids.count))
        ids.append(-1)
      }
      node = Int(slots[place].child)
    }
    ids[node] = Int32(id)
  }

  /// The id and the length of the longest piece at `start`; nil when there is none.
  func longest(in text: Bytes, at start: Int) -> (id: Int, length: Int)? {
    var (node, longest): (Int, (Int, Int)?) = (0, nil)
    for index in start..<text.count {
      let key = UInt64(node) << 8 | UInt64(text[index])
      let slot = slots[place(of: key)]
      guard slot.key == key else { break }
      node = Int(slot.child)
      if ids[node] >= 0 { longest = (Int(ids[node]), index + 1 - start) }
    }
    return longest
  }

  private func place(of key: UInt64) -> Int {
    var place = Int(truncatingIfNeeded: seed.hash(key, 0)) & (slots.count - 1)
    while slots[place].key != key, slots[place].key != .max { place = (place + 1) & (slots.count - 1) }
    return place
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: 2 * old.count)
    for slot in old where slot.key != .max { slots[place(of: slot.key)] = slot }
  }
}
