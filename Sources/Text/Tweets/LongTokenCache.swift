/// Remembers what became of tokens that are too long for `TokenCache`: words of other scripts than the Latin one, whose
/// letters take two or three bytes each, and hashtags. Starts afresh when it is full, so memory stays bounded on an endless
/// stream.
struct LongTokenCache {
  /// What became of a token.
  enum Result {
    /// The token is not in the cache.
    case unknown
    /// The token is left out of the output.
    case dropped
    /// The token became the bytes in this range of the cache.
    case kept(Range<Int>)
  }

  private static let capacity = 1 << 15
  private static let longestToken = 64
  private var tokens = TokenTable()
  private var results: [Range<Int>?] = []
  private var arena: [UInt8] = []

  /// Looks `token` up.
  func find(_ token: Bytes) -> Result {
    guard token.count <= Self.longestToken, let index = tokens.find(token) else { return .unknown }
    return results[index].map(Result.kept) ?? .dropped
  }

  /// Stores what became of a token that is not in the cache: nil when it is dropped. Long tokens are not stored.
  mutating func store(_ token: Bytes, _ value: Bytes?) {
    guard token.count <= Self.longestToken, value?.count ?? 0 <= 4 * Self.longestToken else { return }
    if tokens.count == Self.capacity {
      tokens.removeAll()
      results.removeAll(keepingCapacity: true)
      arena.removeAll(keepingCapacity: true)
    }
    _ = tokens.add(token)
    results.append(value.map { arena.count..<arena.count + $0.count })
    if let value { arena.append(contentsOf: value) }
  }

  /// Gives the bytes of a result to `body`.
  func withBytes(_ range: Range<Int>, _ body: (Bytes) -> Void) {
    arena.withUnsafeBufferPointer { body(Bytes(rebasing: $0[range])) }
  }
}
