import Batches
import Neural

/// What the tags of a model say of entities, and which may follow which.
///
/// Tags are of the BIO scheme where each is `O`, `B-x` or an `I-x` whose `B-x` there is, too. Then no decoded sequence
/// breaks it: `I-x` stands behind `B-x` and `I-x` only. Other tags are decoded freely.
public struct TagDecoder: Sendable {
  /// The tags in the order of their classes.
  public let tags: [Tag]
  /// Whether the tags are such of entities, so that there are entities.
  public let hasEntities: Bool
  /// Of tags some of which are such of entities, and others not, one of the others: its scheme is not known.
  public var strangeTag: String? {
    // The type of a tag of no scheme is its name.
    tags.contains { $0.isOfEntities && !$0.type.isEmpty } ? tags.first { !$0.isOfEntities }?.type : nil
  }
  /// The class of `O`, if there is one.
  public let outside: Int?
  /// Whether the tags are such of entities and of what is none, so that the one can be preferred to the other.
  public var takesBias: Bool { hasEntities && outside != nil }
  /// What BIO tags must keep; nil for others.
  public let rules: TagRules?
  /// The rules, or those that permit everything: with rules, probabilities are made to add up to 1.
  var rulesOrNone: TagRules {
    let all = [Bool](repeating: true, count: tags.count)
    return rules ?? TagRules(starts: all, follows: tags.map { _ in all })!
  }

  /// The decoder of tags, by their names.
  public init(_ names: [String]) {
    let tags = names.map { Tag($0) }
    self.tags = tags
    hasEntities = tags.allSatisfy(\.isOfEntities)
    outside = tags.firstIndex { $0.place == .outside }
    let begun = Set(tags.filter { $0.place == .begin }.map(\.type))
    let isBIO =
      hasEntities
      && tags.allSatisfy { [.outside, .begin].contains($0.place) || $0.place == .inside && begun.contains($0.type) }
    rules =
      isBIO
      ? TagRules(
        starts: tags.map { $0.place != .inside },
        follows: tags.map { before in
          tags.map { $0.place != .inside || before.place != .outside && before.type == $0.type }
        }) : nil
  }

  /// The entities of decoded tags, with the probabilities that these tokens are such: that they have these tags, and what
  /// is behind them does not go on with the entity.
  /// - Parameters:
  ///   - tags: The classes of the tags.
  ///   - y: A model's outputs for the sequence, in a batch of one.
  ///   - rules: The rules with which the tags were decoded.
  public func entities(of tags: [Int], _ y: Tensor, rules: TagRules?) -> [Entity] {
    let spans = EntitySpan.all(of: tags.map { self.tags[$0] })
    guard !spans.isEmpty else { return [] }
    let chain = TagChain(y, rules: rules)
    return spans.map { span in
      let last = self.tags[tags[span.end - 1]]
      let others = self.tags.indices.filter { !last.ends(with: self.tags[$0]) }
      return Entity(
        span: span,
        probability: min(
          chain.probability(of: Array(tags[span.start..<span.end]), at: span.start, notFollowedBy: others), 1))
    }
  }
}
