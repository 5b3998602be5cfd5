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
    Self.bisect(EscapedWords(words, reserved: Self.reserved), target, 1, 1000)
  }

  private static func bisect(_ words: EscapedWords, _ target: Int, _ low: Int, _ high: Int) -> SubwordVocabulary {
    let middle = (low + high) / 2
    let vocabulary = vocabulary(of: words, minimumCount: middle)
    let distance = abs(vocabulary.count - target)
    // 1% is near enough.
    if distance <= (target - 1) / 100 || low >= high || middle < 2 { return vocabulary }
    let other =
      vocabulary.count > target
      ? bisect(words, target, middle + 1, high) : bisect(words, target, low, middle - 1)
    return abs(other.count - target) < distance ? other : vocabulary
  }

  /// The vocabulary of the pieces that occur at least so often: in four rounds, all beginnings of the words' present
  /// pieces and what follows are counted, and the frequent ones kept, the longest first, which take their counts from
  /// their own beginnings.
  private static func vocabulary(of words: EscapedWords, minimumCount: Int) -> SubwordVocabulary {
    let first = reserved.map(words.escaped)
    var vocabulary: SubwordVocabulary?
    for _ in 0..<4 {
      let pieces = frequentPieces(of: words, vocabulary, max(minimumCount, 1))
      vocabulary = SubwordVocabulary(pieces: first + pieces, alphabet: words.alphabet)
    }
    return vocabulary!
  }

  /// Of all beginnings of the words' present pieces and what follows, those that occur `minimum` times, and all single
  /// characters, the most frequent first. Without a vocabulary every character is a piece.
  private static func frequentPieces(
    of words: EscapedWords, _ vocabulary: SubwordVocabulary?, _ minimum: Int
  ) -> [[UInt8]] {
    let characters = words.characters
    var counts = PieceCounts(
      symbols: words.symbols, minimum: minimum, longest: longestPiece, alphabetSize: characters.count)
    words.bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      for (end, count) in words.words {
        guard let vocabulary else {
          for position in words.positions[start]...words.positions[end - 1] { counts.add(position, count: count) }
          start = end
          continue
        }
        _ = vocabulary.forEachPiece(of: bytes.slice(start, end)) { _, length in
          counts.add(words.positions[start], count: count)
          start += length
        }
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
