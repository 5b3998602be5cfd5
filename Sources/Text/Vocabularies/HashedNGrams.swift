/// Ids for runs of neighbouring tokens, beside those of the tokens themselves: a run is hashed into one of 2^bits ids
/// behind the vocabulary's. Different runs may share an id. Source: the word n-grams of fastText (A. Joulin et al., Bag
/// of Tricks for Efficient Text Classification, 2016).
public struct HashedNGrams: Sendable, Equatable {
  /// The longest run: 2 for pairs.
  public let longest: Int
  /// The number of ids is two to this power.
  public let bits: Int

  /// - Precondition: `longest` is 2 or more, and `bits` from 1 to 23.
  public init(longest: Int, bits: Int = 20) {
    precondition(longest >= 2 && 1...23 ~= bits, "runs of 2 tokens or more, and ids that a float holds exactly")
    self.longest = longest
    self.bits = bits
  }

  /// The number of ids.
  public var count: Int { 1 << bits }

  /// Appends the ids of all runs of two tokens and more, behind `first` ids of a vocabulary.
  public func append(_ tokens: [UnsafeBufferPointer<UInt8>], after first: Int, to ids: inout [Int]) {
    for start in tokens.indices.dropLast() {
      var hash = FNV1a()
      for (length, token) in tokens[start...].prefix(longest).enumerated() {
        hash.combine(token)
        hash.combine(0xff)  // a byte that no token has ends each
        if length > 0 { ids.append(first + Int((hash.value ^ hash.value >> 32) & UInt64(count - 1))) }
      }
    }
  }
  /// The runs whose ids `append` appends, in its order.
  public func runs(of tokens: [UnsafeBufferPointer<UInt8>]) -> [ArraySlice<UnsafeBufferPointer<UInt8>>] {
    tokens.indices.dropLast().flatMap { start in
      (2...min(longest, tokens.count - start)).map { tokens[start..<start + $0] }
    }
  }
}
