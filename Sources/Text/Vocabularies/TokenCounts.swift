/// How often each token occurs, in the order in which tokens were first seen. Counts of parts of a text can be
/// merged in the order of the parts.
public struct TokenCounts: Sendable {
  /// Which tokens come first in a vocabulary.
  public enum Order: String, Sendable, CaseIterable {
    /// The token that was seen first.
    case firstSeen = "first-seen"
    /// The token that occurs most often; of equals the one whose bytes come first. So it does not matter in which order
    /// the parts of a text were counted.
    case frequency
    /// The token whose bytes come first.
    case token
  }

  private var table = TokenTable(capacity: 1 << 14)
  private var counts: [Int] = []

  /// No tokens.
  public init() {}

  /// The number of different tokens.
  public var count: Int { counts.count }

  /// The largest count: the largest whole number that JSON's numbers hold for certain.
  public static let largest = 1 << 53

  /// Counts `token` once more.
  public mutating func add(_ token: UnsafeBufferPointer<UInt8>) {
    let index = table.add(token)
    if index == counts.count { counts.append(0) }
    counts[index] &+= 1
  }

  /// Counts `token` so many times more, from 0 to `largest`. Returns false, and counts nothing, when the sum would be
  /// beyond `largest`.
  public mutating func add(_ token: UnsafeBufferPointer<UInt8>, times: Int) -> Bool {
    let index = table.add(token)
    if index == counts.count { counts.append(0) }
    let sum = counts[index] &+ times
    guard sum <= Self.largest else { return false }
    counts[index] = sum
    return true
  }

  /// Calls `body` with every token and its count.
  public func visit(order: Order = .firstSeen, _ body: (UnsafeBufferPointer<UInt8>, Int) -> Void) {
    for index in sorted(Array(counts.indices), order) { table.withToken(index) { body($0, counts[index]) } }
  }

  private func sorted(_ indices: [Int], _ order: Order) -> [Int] {
    switch order {
    case .firstSeen: indices.sorted()
    case .frequency:
      indices.sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : table.precedes($0, $1) }
    case .token: indices.sorted { table.precedes($0, $1) }
    }
  }

  /// The vocabulary of the tokens that occur at least `minimum` times, of `maximumSize` entries at most with the
  /// special tokens counted in. Special tokens among the tokens are themselves, and take the room of no other.
  public func vocabulary(order: Order = .firstSeen, minimum: Int = 1, maximumSize: Int? = nil) -> Vocabulary {
    var vocabulary = Vocabulary()
    let special = Vocabulary.specialTokens.compactMap { token in
      var token = token
      return token.withUTF8 { table.find($0) }
    }
    var indices = counts.indices.filter { counts[$0] >= minimum && !special.contains($0) }
    // A limit keeps the most frequent tokens, whatever the order of the rest.
    let room = max((maximumSize ?? .max) - vocabulary.count, 0)
    let isLimited = indices.count > room
    if isLimited { indices = Array(sorted(indices, .frequency).prefix(room)) }
    for index in sorted(indices, order) { table.withToken(index) { _ = vocabulary.add($0) } }
    return vocabulary
  }
}
