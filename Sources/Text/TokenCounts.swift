/// How often each token occurs, in the order in which tokens were first seen. Counts of parts of a text can be
/// merged in the order of the parts.
public struct TokenCounts: Sendable {
  /// Which tokens come first in a vocabulary.
  public enum Order: String, Sendable, CaseIterable {
    /// The token that was seen first.
    case firstSeen = "first-seen"
    /// The token that occurs most often; of equals the one that was seen first.
    case frequency
  }

  private var table = TokenTable(capacity: 1 << 14)
  private var counts: [Int] = []

  public init() {}

  /// The number of different tokens.
  public var count: Int { counts.count }

  /// Counts `token` once more, or `times` more.
  public mutating func add(_ token: UnsafeBufferPointer<UInt8>, times: Int = 1) {
    let index = table.add(token)
    if index == counts.count { counts.append(0) }
    counts[index] += times
  }

  /// Calls `body` with every token and its count in first-seen order.
  public func visit(_ body: (UnsafeBufferPointer<UInt8>, Int) -> Void) {
    for index in counts.indices { table.withToken(index) { body($0, counts[index]) } }
  }

  /// The vocabulary of the tokens that occur at least `minimum` times, of `maximumSize` entries at most with the
  /// special tokens counted in.
  public func vocabulary(order: Order = .firstSeen, minimum: Int = 1, maximumSize: Int? = nil) -> Vocabulary {
    var vocabulary = Vocabulary()
    var indices = counts.indices.filter { counts[$0] >= minimum }
    // A limit keeps the most frequent tokens, whatever the order of the rest.
    let isLimited = maximumSize.map { $0 < indices.count + vocabulary.count } ?? false
    if order == .frequency || isLimited { indices.sort { (counts[$1], $0) < (counts[$0], $1) } }
    if isLimited { indices.removeLast(max(indices.count + vocabulary.count - maximumSize!, 0)) }
    if order == .firstSeen, isLimited { indices.sort() }
    for index in indices { table.withToken(index) { _ = vocabulary.add($0) } }
    return vocabulary
  }
}
