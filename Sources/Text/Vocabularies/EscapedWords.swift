/// The words of texts as pieces of them are counted: escaped, as the numbers of their characters.
struct EscapedWords {
  /// The characters by their numbers. Those of the words are among them, whether escaped or not.
  private(set) var characters: [UInt32] = []
  /// The numbers of the words' characters, one word after the other, with `PieceTree.end` behind each.
  private(set) var symbols: [Int32] = []
  /// Where each word stands among the symbols, without its end, and how often it occurs.
  private(set) var words: [(symbols: Range<Int>, count: Int)] = []

  /// - Parameter reserved: Words whose characters have numbers, too.
  init(_ counts: TokenCounts, reserved: [String]) {
    // For each code point its number; -1 if it has none yet.
    var numbers = [Int32](repeating: -1, count: 0x11_0000)
    for scalar in SubwordEscapes.characters { add(scalar, &numbers) }
    for word in reserved {
      for scalar in word.unicodeScalars { add(scalar.value, &numbers) }
    }
    var escaped: [UInt8] = []
    counts.visit { word, count in
      word.forEachScalar { add($0, &numbers) }
      escaped.removeAll(keepingCapacity: true)
      SubwordEscapes.append(word, to: &escaped) { _ in true }
      let start = symbols.count
      escaped.withUnsafeBufferPointer { $0.forEachScalar { symbols.append(numbers[Int($0)]) } }
      words.append((start..<symbols.count, count))
      symbols.append(PieceTree.end)
    }
  }

  private mutating func add(_ scalar: UInt32, _ numbers: inout [Int32]) {
    guard numbers[Int(scalar)] < 0 else { return }
    numbers[Int(scalar)] = Int32(characters.count)
    characters.append(scalar)
  }

  /// The text of symbols.
  func text(of symbols: ArraySlice<Int32>) -> [UInt8] {
    var text: [UInt8] = []
    for symbol in symbols { text.append(scalar: characters[Int(symbol)]) }
    return text
  }

  /// A word in escaped form.
  func escaped(_ word: String) -> [UInt8] {
    var escaped: [UInt8] = []
    Array(word.utf8).withUnsafeBufferPointer { word in SubwordEscapes.append(word, to: &escaped) { _ in true } }
    return escaped
  }
}
