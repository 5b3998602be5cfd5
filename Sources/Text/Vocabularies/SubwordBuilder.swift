/// Learns a subword vocabulary from the words of texts and how often they occur.
///
/// Source: Tensor2Tensor's `build_to_target_size`, whose vocabularies it gives; where that leaves the order of equals
/// to chance, nothing depends on it. Pieces have at most `longestPiece` characters, as with its `max_subtoken_length`,
/// so that time and memory are proportional to the words.
public struct SubwordBuilder {
  /// The pieces that stand first: padding and the end of a text.
  public static let reserved = ["<pad>", "<EOS>"]
  /// The most characters of a piece.
  public static let longestPiece = 200
  private var words = TokenCounts()

  /// A builder that has seen no words.
  public init() {}

  /// Counts the words of a text.
  public mutating func add(_ text: UnsafeBufferPointer<UInt8>) {
    SubwordWords.forEach(in: text) { words.add($0) }
  }

  /// The vocabulary whose size is nearest to `target` of those that bisection of the least count of a piece tries.
  public func vocabulary(target: Int) -> SubwordVocabulary {
    bisect(target, 1, 1000)
  }

  private func bisect(_ target: Int, _ low: Int, _ high: Int) -> SubwordVocabulary {
    let middle = (low + high) / 2
    let vocabulary = vocabulary(minimumCount: middle)
    let distance = abs(vocabulary.count - target)
    // 1% is near enough.
    if distance <= (target - 1) / 100 || low >= high || middle < 2 { return vocabulary }
    let other =
      vocabulary.count > target ? bisect(target, middle + 1, high) : bisect(target, low, middle - 1)
    return abs(other.count - target) < distance ? other : vocabulary
  }

  /// The vocabulary of the pieces that occur at least so often: in four rounds, all beginnings of the words' present
  /// pieces and what follows are counted, and the frequent ones kept, the longest first, which take their counts from
  /// their own beginnings.
  func vocabulary(minimumCount: Int) -> SubwordVocabulary {
    var alphabet = SubwordEscapes.characters
    func take(_ word: String) { alphabet.formUnion(word.unicodeScalars.map(\.value)) }
    words.visit { word, _ in take(String(decoding: word, as: UTF8.self)) }
    for word in Self.reserved { take(word) }
    let characters = alphabet.map { scalar in
      var character: [UInt8] = []
      character.append(scalar: scalar)
      return character
    }
    let first = Self.reserved.map { reserved in
      var escaped: [UInt8] = []
      Array(reserved.utf8).withUnsafeBufferPointer {
        SubwordEscapes.append($0, alphabet: alphabet, to: &escaped)
      }
      return escaped
    }
    var escapedWords: [(word: [UInt8], count: Int)] = []
    words.visit { word, count in
      var escaped: [UInt8] = []
      SubwordEscapes.append(word, alphabet: alphabet, to: &escaped)
      escapedWords.append((escaped, count))
    }
    var vocabulary = SubwordVocabulary(pieces: characters, alphabet: alphabet)
    for _ in 0..<4 {
      let pieces = frequentPieces(of: escapedWords, vocabulary, characters, max(minimumCount, 1))
      vocabulary = SubwordVocabulary(pieces: first + pieces, alphabet: alphabet)
    }
    return vocabulary
  }

  /// Of all beginnings of the words' present pieces and what follows, those that occur `minimum` times, and all single
  /// characters, the most frequent first.
  private func frequentPieces(
    of words: [(word: [UInt8], count: Int)], _ vocabulary: SubwordVocabulary, _ characters: [[UInt8]], _ minimum: Int
  ) -> [[UInt8]] {
    var numbers: [UInt32: Int32] = [:]
    for (number, character) in characters.enumerated() {
      numbers[character.withUnsafeBufferPointer { $0.scalar(at: 0).value }] = Int32(number)
    }
    var counts = PieceCounts(minimum: minimum, longest: Self.longestPiece, alphabetSize: characters.count)
    for (word, count) in words {
      word.withUnsafeBufferPointer { bytes in
        // The characters' numbers, and how many of them stand before a byte.
        var (symbols, starts): ([Int32], [Int]) = ([], [])
        var index = 0
        _ = vocabulary.forEachPiece(of: bytes) { _, length in
          starts.append(symbols.count)
          let end = index + length
          while index < end {
            let (scalar, length) = bytes.scalar(at: index)
            symbols.append(numbers[scalar]!)
            index += length
          }
        }
        counts.add(symbols, starts: starts, count: count)
      }
    }
    counts.choose()
    var kept = zip(counts.counts, characters).map { (count: $0, piece: $1) }
    for piece in counts.pieces {
      kept.append((piece.count, counts.symbols[piece.symbols].flatMap { characters[Int($0)] }))
    }
    kept.sort { a, b in a.count != b.count ? a.count > b.count : b.piece.lexicographicallyPrecedes(a.piece) }
    return kept.map(\.piece)
  }
}
