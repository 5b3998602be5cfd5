/// The words of texts as pieces of them are counted: escaped, with the numbers of their characters.
struct EscapedWords {
  /// The code points of all characters.
  let alphabet: Set<UInt32>
  /// The characters in UTF-8, by their numbers.
  let characters: [[UInt8]]
  /// The bytes of all words, one word after the other, and the numbers of their characters, with `PieceCounts.end`
  /// behind each word.
  private(set) var bytes: [UInt8] = []
  private(set) var symbols: [Int32] = []
  /// For each byte, where the character that begins there stands among the symbols.
  private(set) var positions: [Int] = []
  /// Where the bytes of each word end, and how often it occurs.
  private(set) var words: [(end: Int, count: Int)] = []

  /// - Parameter reserved: Words whose characters belong to the alphabet, too.
  init(_ counts: TokenCounts, reserved: [String]) {
    var alphabet = SubwordEscapes.characters
    func take(_ word: String) { alphabet.formUnion(word.unicodeScalars.map(\.value)) }
    counts.visit { word, _ in take(String(decoding: word, as: UTF8.self)) }
    for word in reserved { take(word) }
    self.alphabet = alphabet
    var numbers: [UInt32: Int32] = [:]
    characters = alphabet.enumerated().map { number, scalar in
      numbers[scalar] = Int32(number)
      var character: [UInt8] = []
      character.append(scalar: scalar)
      return character
    }
    counts.visit { word, count in
      let start = bytes.count
      SubwordEscapes.append(word, alphabet: alphabet, to: &bytes)
      bytes.withUnsafeBufferPointer { bytes in
        var index = start
        while index < bytes.count {
          let (scalar, length) = bytes.scalar(at: index)
          positions += [Int](repeating: symbols.count, count: length)
          symbols.append(numbers[scalar]!)
          index += length
        }
      }
      symbols.append(PieceCounts.end)
      words.append((bytes.count, count))
    }
  }

  /// A word in escaped form.
  func escaped(_ word: String) -> [UInt8] {
    var escaped: [UInt8] = []
    Array(word.utf8).withUnsafeBufferPointer { SubwordEscapes.append($0, alphabet: alphabet, to: &escaped) }
    return escaped
  }
}
