/// Learns a subword vocabulary from the words of texts and how often they occur.
///
/// Source: Tensor2Tensor's `build_to_target_size`, whose vocabularies it gives; where that leaves the order of equals
/// to chance, nothing depends on it. Pieces have at most `longestPiece` characters, as with its `max_subtoken_length`,
/// so that time and memory are proportional to the words.
public struct SubwordBuilder {
  /// The pieces that stand first: padding and the end of a text. No word has them, since both have letters and signs.
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
    let words = EscapedWords(words, reserved: Self.reserved)
    var search = SubwordSearch(words, target: target, others: Self.reserved.count, longest: Self.longestPiece)
    let pieces = search.pieces().sorted { a, b in
      a.count != b.count ? a.count > b.count : b.text.lexicographicallyPrecedes(a.text)
    }
    return SubwordVocabulary(
      pieces: Self.reserved.map(words.escaped) + pieces.map(\.text), alphabet: Set(words.characters))
  }
}
