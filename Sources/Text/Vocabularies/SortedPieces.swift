import Glibc

/// Pieces of text in the order of their bytes: finds the longest that a text goes on with, by bisection.
///
/// The last piece that does not come after the text begins with every piece that the text begins with; so the longest
/// of these is it, or the longest of its own beginnings among the pieces that the text shares.
struct SortedPieces: Sendable {
  /// The pieces' bytes one after the other, and where each begins; at the end the end.
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var ids: [Int] = []
  /// Their first eight bytes, as numbers that have their order.
  private var keys: [UInt64] = []
  /// For each piece the index of the longest other one that it begins with; -1 without.
  private var beginnings: [Int] = []
  /// The index of the first piece whose first two bytes are those of a number or come after them, where the second byte
  /// of a single one is 0; at the end the number of pieces.
  private var firsts = [Int32](repeating: 0, count: 1 << 16 + 1)

  /// The pieces with their indices in the list as ids; of equal ones the last counts. Empty ones are never found.
  init(_ pieces: [[UInt8]]) {
    let order = pieces.indices.filter { !pieces[$0].isEmpty }
      .sorted { a, b in
        pieces[a] == pieces[b] ? a < b : pieces[a].lexicographicallyPrecedes(pieces[b])
      }
    for (index, id) in order.enumerated() where index + 1 == order.count || pieces[id] != pieces[order[index + 1]] {
      let piece = pieces[id]
      var beginning = ids.count - 1
      while beginning >= 0, !piece.starts(with: bytes[starts[beginning]..<starts[beginning + 1]]) {
        beginning = beginnings[beginning]
      }
      beginnings.append(beginning)
      ids.append(id)
      keys.append(piece.withUnsafeBufferPointer { $0.word(at: 0).byteSwapped })
      bytes += piece
      starts.append(bytes.count)
      firsts[Int(keys.last! >> 48) + 1] = Int32(ids.count)
    }
    for bytes in 1..<firsts.count { firsts[bytes] = max(firsts[bytes], firsts[bytes - 1]) }
  }

  /// The id and the length of the longest piece at `start`; nil when there is none.
  func longest(in text: Bytes, at start: Int) -> (id: Int, length: Int)? {
    let text = text.slice(start, text.count)
    let key = text.word(at: 0).byteSwapped
    var (low, high) = (Int(firsts[Int(key >> 48)]), Int(firsts[Int(key >> 48) + 1]))
    let first = Int(firsts[Int(text[0]) << 8])
    // The number of pieces that do not come after the text.
    while low < high {
      let middle = (low + high) / 2
      let isAfter = keys[middle] == key ? isAfter(middle, text) : keys[middle] > key
      if isAfter { high = middle } else { low = middle + 1 }
    }
    guard low > first else { return nil }
    var index = low - 1
    var shared = 0
    let most = min(starts[index + 1] - starts[index], text.count)
    while shared < most, bytes[starts[index] + shared] == text[shared] { shared += 1 }
    while index >= 0 {
      let length = starts[index + 1] - starts[index]
      if length <= shared { return (ids[index], length) }
      index = beginnings[index]
    }
    return nil
  }

  private func isAfter(_ index: Int, _ text: Bytes) -> Bool {
    let length = starts[index + 1] - starts[index]
    let order = bytes.withUnsafeBufferPointer {
      memcmp($0.baseAddress! + starts[index], text.baseAddress!, min(length, text.count))
    }
    return order > 0 || order == 0 && length > text.count
  }
}
