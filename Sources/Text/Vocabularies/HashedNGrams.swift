/// Ids for runs of neighbouring tokens, and for runs of characters inside tokens, beside those of the tokens themselves: a
/// run is hashed into one of 2^bits ids behind the vocabulary's; where there are both kinds of runs, each has 2^bits ids of
/// its own, those of characters last. Different runs may share an id, and the id is the same on every machine.
///
/// Runs of characters are those of `<token>`, with its borders, and there for tokens that the vocabulary does not have, too.
/// Sources: the word n-grams of fastText (A. Joulin et al., Bag of Tricks for Efficient Text Classification, 2016) and its
/// subwords (P. Bojanowski et al., Enriching Word Vectors with Subword Information, 2017).
public struct HashedNGrams: Sendable, Equatable {
  /// The longest run of tokens: 2 for pairs, 1 for none.
  public let longest: Int
  /// The lengths of runs of characters; nil for none.
  public let characters: ClosedRange<Int>?
  /// The number of ids of each kind of runs is two to this power.
  public let bits: Int

  /// The bits where nothing else is said: about a million ids.
  public static let bitsIfNotGiven = 20
  /// The possible lengths of runs of characters.
  public static let characterLengths = 1...8

  /// The most bits: ids are those that a float holds exactly.
  /// - Parameter kinds: How many kinds of runs there are.
  public static func mostBits(kinds: Int) -> Int { 24 - kinds }

  /// - Precondition: `longest` is 1 or more and, without `characters`, 2; these are from 1 to 8; `bits` from 1 to 23, or to
  ///   22 where there are both kinds.
  public init(longest: Int = 1, characters: ClosedRange<Int>? = nil, bits: Int = bitsIfNotGiven) {
    precondition(longest >= 2 || longest == 1 && characters != nil, "runs of 2 tokens or more, or of characters")
    precondition(
      characters.map { Self.characterLengths.contains($0.lowerBound) && Self.characterLengths.contains($0.upperBound) }
        ?? true, "runs of 1 to 8 characters")
    (self.longest, self.characters, self.bits) = (longest, characters, bits)
    precondition(1...Self.mostBits(kinds: kinds) ~= bits, "ids that a float holds exactly")
  }

  private var kinds: Int { longest > 1 && characters != nil ? 2 : 1 }

  /// The number of ids.
  public var count: Int { kinds << bits }
  /// The number of ids of runs of tokens, which come first.
  public var tokenRunCount: Int { longest > 1 ? 1 << bits : 0 }

  /// Appends the ids of all runs of two tokens and more, and then of characters, behind `first` ids of a vocabulary.
  public func append(_ tokens: [UnsafeBufferPointer<UInt8>], after first: Int, to ids: inout [Int]) {
    for start in tokens.indices.dropLast() where longest > 1 {
      var hash = FNV1a()
      for (length, token) in tokens[start...].prefix(longest).enumerated() {
        hash.combine(token)
        hash.combine(0xff)  // a byte that no token has ends each
        if length > 0 { ids.append(first + id(hash)) }
      }
    }
    let first = first + tokenRunCount
    for token in tokens { forEachRun(of: token) { hash, _ in ids.append(first + id(hash)) } }
  }

  /// The names of the runs whose ids `append` appends, in its order.
  public func names(of tokens: [UnsafeBufferPointer<UInt8>]) -> [String] {
    var names: [String] = []
    for start in tokens.indices.dropLast() where longest > 1 {
      for length in 2...max(min(longest, tokens.count - start), 2) {
        names.append(tokens[start..<start + length].map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))
      }
    }
    for token in tokens { forEachRun(of: token) { _, run in names.append(String(decoding: run, as: UTF8.self)) } }
    return names
  }

  private func id(_ hash: FNV1a) -> Int { Int((hash.value ^ hash.value >> 32) & (1 << UInt64(bits) - 1)) }

  /// Calls `body` with the hash and the bytes of every run of characters of `<token>`. The borders alone are none.
  private func forEachRun(
    of token: UnsafeBufferPointer<UInt8>, _ body: (FNV1a, ArraySlice<UInt8>) -> Void
  ) {
    guard let characters else { return }
    let word = [UInt8(ascii: "<")] + token + [UInt8(ascii: ">")]
    for start in word.indices where !word[start].isContinuation {
      var hash = FNV1a()
      hash.combine(0xfe)  // no run of tokens begins so
      var (end, length) = (start, 0)
      while end < word.count, length < characters.upperBound {
        repeat {
          hash.combine(word[end])
          end += 1
        } while end < word.count && word[end].isContinuation
        length += 1
        guard length >= characters.lowerBound, length > 1 || start > 0 && end < word.count else { continue }
        body(hash, word[start..<end])
      }
    }
  }
}

extension UInt8 {
  /// Whether the byte goes on with a character of UTF-8.
  fileprivate var isContinuation: Bool { self & 0xc0 == 0x80 }
}
