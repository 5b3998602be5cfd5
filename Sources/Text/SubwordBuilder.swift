/// Learns a subword vocabulary from the words of texts and how often they occur.
///
/// Source: Tensor2Tensor's `build_to_target_size`, whose vocabularies it gives; where that leaves the order of equals to
/// chance, nothing depends on it.
public struct SubwordBuilder {
  /// The pieces that stand first: padding and the end of a text.
  public static let reserved = ["<pad>", "<EOS>"]
  private var words = TokenCounts()

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
    if distance * 100 < target || low >= high || middle < 2 { return vocabulary }
    let other =
      vocabulary.count > target ? bisect(target, middle + 1, high) : bisect(target, low, middle - 1)
    return abs(other.count - target) < distance ? other : vocabulary
  }

  /// The vocabulary of the pieces that occur at least so often: in four rounds, all beginnings of the words' present pieces
  /// and what follows are counted, and the frequent ones kept, the longest first, which take their counts from their own
  /// beginnings.
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
      let pieces = frequentPieces(of: escapedWords, vocabulary, Set(characters), max(minimumCount, 1))
      vocabulary = SubwordVocabulary(pieces: first + pieces, alphabet: alphabet)
    }
    return vocabulary
  }

  private func frequentPieces(
    of words: [(word: [UInt8], count: Int)], _ vocabulary: SubwordVocabulary, _ characters: Set<[UInt8]>, _ minimum: Int
  ) -> [[UInt8]] {
    var counts: [ArraySlice<UInt8>: Int] = [:]
    for (word, count) in words {
      var start = 0
      _ = word.withUnsafeBufferPointer { bytes in
        vocabulary.forEachPiece(of: bytes) { _, length in
          for end in word.characterEnds(from: start) { counts[word[start..<end], default: 0] += count }
          start += length
        }
      }
    }
    var byLength: [[ArraySlice<UInt8>]] = []
    for (piece, count) in counts where count >= minimum {
      let length = piece.count { $0 & 0xc0 != 0x80 }
      while byLength.count <= length { byLength.append([]) }
      byLength[length].append(piece)
    }
    var kept: [(count: Int, piece: [UInt8])] = []
    for pieces in byLength.reversed() {
      for piece in pieces {
        guard let count = counts[piece], count >= minimum else { continue }
        if !characters.contains(Array(piece)) { kept.append((count, Array(piece))) }
        let whole = Array(piece)
        for end in whole.characterEnds(from: 0).dropLast() { counts[piece.prefix(end), default: 0] -= count }
      }
    }
    kept += characters.map { (counts[$0[...]] ?? 0, $0) }
    kept.sort { a, b in a.count != b.count ? a.count > b.count : b.piece.lexicographicallyPrecedes(a.piece) }
    return kept.map(\.piece)
  }
}

extension [UInt8] {
  /// Where the characters from a place on end.
  fileprivate func characterEnds(from start: Int) -> [Int] {
    ((start + 1)...count).filter { $0 == count || self[$0] & 0xc0 != 0x80 }
  }
}
