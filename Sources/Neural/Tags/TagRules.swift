/// Which tags may begin a sequence, and which may follow which: of BIO tags, `I-person` never follows `O`.
public struct TagRules: Sendable, Equatable {
  /// The number of tags.
  public let count: Int
  private let starts: [Bool]
  /// Whether a tag may follow another, `[before * count + tag]`.
  private let follows: [Bool]

  /// Rules for tags that are numbers from 0. Nil when they permit no sequence, however long.
  /// - Parameters:
  ///   - starts: For every tag, whether a sequence may begin with it.
  ///   - follows: For every tag, the tags that may follow it, as a row of a truth for each.
  /// - Precondition: There is a row for every tag, of a truth for every tag.
  public init?(starts: [Bool], follows: [[Bool]]) {
    precondition(
      follows.count == starts.count && follows.allSatisfy { $0.count == starts.count },
      "\(starts.count) tags need a square of rules")
    count = starts.count
    self.starts = starts
    self.follows = follows.flatMap { $0 }
    // A tag goes on for ever if one that does may follow it.
    var endless = [Bool](repeating: true, count: count)
    for _ in 0..<count {
      let next = follows.map { zip($0, endless).contains { $0 && $1 } }
      if next == endless { break }
      endless = next
    }
    guard zip(starts, endless).contains(where: { $0 && $1 }) else { return nil }
  }

  /// Whether a tag may stand behind another; nil for none, where the sequence begins.
  @inline(__always)
  public func permit(_ tag: Int, after before: Int?) -> Bool {
    guard let before else { return starts[tag] }
    return follows[before * count + tag]
  }
}
