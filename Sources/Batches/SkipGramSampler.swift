import Glibc
import Random
import Text

/// Draws from texts, as word2vec does, which words are used, how far each looks around, and words that do not stand near
/// it.
///
/// - A word that makes a share f of all is used with the probability `√(t / f) + t / f`, for a threshold t.
/// - It is put beside those up to `b` places before and behind it, among the used ones of its text, `b` drawn evenly
///   from 1 to the window.
/// - For every one of these, `negatives` words are drawn in proportion to their counts to the power of 3/4; those that
///   stand near it after all are left out.
///
/// The special tokens are no words. The draws of a text depend on the key alone, not on other texts.
/// Source: T. Mikolov et al., Distributed Representations of Words and Phrases and their Compositionality, 2013.
public struct SkipGramSampler: Sendable {
  /// A word and what is put beside it.
  public struct Row: Equatable, Sendable {
    /// The id of the word.
    public let word: Int
    /// The ids of those near it, and then of those that were drawn.
    public let others: [Int]
    /// How many of them are near.
    public let near: Int
  }

  private let window: Int, negatives: Int
  /// For every id, the bound below which a random word of 32 bits lets it be used.
  private let bounds: [UInt64]
  /// For every id, the bound below which such a word draws it, or one before it; and where to begin to look, by the
  /// first half of the word.
  private let ends: [UInt64], starts: [Int32]

  /// - Parameters:
  ///   - counts: How often every id occurs in all texts.
  ///   - window: How far a word looks around at the most.
  ///   - negatives: The words that are drawn for each near one.
  ///   - threshold: The share of all words from which on some are left out; nil to use all.
  public init(counts: [Int], window: Int, negatives: Int, threshold: Double?) {
    (self.window, self.negatives) = (window, negatives)
    let range = Double(UInt64(1) << 32)
    let counts = counts.enumerated().map { Self.isWord($0) ? Double($1) : 0 }
    let total = counts.reduce(0, +)
    bounds = counts.map { count in
      guard count > 0, let threshold else { return count > 0 ? 1 << 32 : 0 }
      let share = threshold * total / count
      return UInt64(min(share.squareRoot() + share, 1) * range)
    }
    let weights = counts.map { pow($0, 0.75) }
    let sum = weights.reduce(0, +)
    var (ends, reached, last) = ([UInt64](), 0.0, 0)
    for (id, weight) in weights.enumerated() {
      reached += weight
      if weight > 0 { last = id }
      ends.append(sum > 0 ? UInt64(reached / sum * range) : 0)
    }
    // What is lost by rounding is the last word's.
    for id in ends.indices.dropFirst(last) { ends[id] = 1 << 32 }
    var (starts, id) = ([Int32](), 0)
    for half in 0..<UInt64(1) << 16 where !ends.isEmpty {
      while ends[id] <= half << 16 { id += 1 }
      starts.append(Int32(id))
    }
    (self.ends, self.starts) = (ends, starts)
  }

  /// Whether an id is that of a word.
  static func isWord(_ id: Int) -> Bool { id >= Vocabulary.specialTokens.count }

  /// The rows of a text. Words that have none near them have none.
  /// - Precondition: All ids have been counted.
  public func rows(of text: some Sequence<Int32>, key: RandomKey) -> [Row] {
    let words = text.map { Int($0) }.filter(Self.isWord)
    let kept = zip(words, key.fold(in: 0).bits(words.count)).filter { UInt64($1) < bounds[$0] }.map(\.0)
    guard kept.count > 1 else { return [] }
    let reaches = key.fold(in: 1).bits(kept.count).map { 1 + Int((UInt64($0) * UInt64(window)) >> 32) }
    let ranges = kept.indices.map { max($0 - reaches[$0], 0)..<min($0 + reaches[$0] + 1, kept.count) }
    let draws = key.fold(in: 2).bits(ranges.reduce(0) { $0 + $1.count - 1 } * negatives)
    var next = 0
    return kept.indices.map { place in
      let range = ranges[place]
      var others = [Int](kept[range.lowerBound..<place])
      others.append(contentsOf: kept[place + 1..<range.upperBound])
      let near = others.count
      for word in draws[next..<next + near * negatives] {
        let drawn = draw(word)
        if !others[..<near].contains(drawn) { others.append(drawn) }
      }
      next += near * negatives
      return Row(word: kept[place], others: others, near: near)
    }
  }

  /// The word that 32 random bits draw.
  private func draw(_ word: UInt32) -> Int {
    var id = Int(starts[Int(word >> 16)])
    while ends[id] <= UInt64(word) { id += 1 }
    return id
  }
}
