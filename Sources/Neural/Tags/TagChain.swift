import Glibc

/// What a model says of the tags of one sequence: the probability of every sequence of tags, as a Markov chain.
///
///     log p(tags) = Σ_t log p(tag_t | tag_t−1)
///
/// Outputs of LogSoftmax at every step are the chain whose tags do not depend on those before; those of `CRF` depend on
/// one. With rules, it is the chain given that the tags keep them: no sequence that breaks them has a probability, and
/// the others share it, so that tags, marginals and the probabilities of parts agree with each other.
///
/// Source: L. R. Rabiner, A tutorial on hidden Markov models, 1989 (the backward variable, and Viterbi's algorithm).
public struct TagChain: Sendable {
  /// The number of steps.
  public let length: Int
  /// The number of tags.
  public let count: Int
  /// The probability of every tag at every step.
  public private(set) var marginals: [[Double]] = []
  private let outputs: TagOutputs
  private let rules: TagRules?
  /// By step and tag, the logarithm of the probability that the steps behind keep the rules; and that all do.
  private var behind: [Double], whole = 0.0

  /// The chain of a row of a model's outputs.
  /// - Parameters:
  ///   - y: Log probabilities, all finite: `[batch, time, tags]` of every step alone, or `[batch, time, tags, tags]`
  ///     given the tag before, as `CRF` gives them.
  ///   - row: The row of the batch.
  ///   - length: How many of its steps are no padding; nil for all.
  ///   - rules: What the tags must keep.
  /// - Precondition: `y` has such a shape, the row and so many steps; the rules are for its number of tags.
  public init(_ y: Tensor, row: Int = 0, length: Int? = nil, rules: TagRules? = nil) {
    outputs = TagOutputs(y, row: row, length: length)
    (self.length, count, self.rules) = (outputs.length, outputs.count, rules)
    precondition(rules?.count ?? count == count, "the rules are not for \(count) tags")
    behind = [Double](repeating: 0, count: self.length * count)
    if rules != nil { findBehind() }
    findMarginals()
  }

  /// The most probable tags; of equals those of the lower numbers from the last step on.
  public func best() -> [Int] { outputs.best(rules: rules) }

  /// The most probable tags of a row of outputs, as those of its chain are, without its probabilities, which take longer.
  /// - Parameters: See `init`.
  /// - Precondition: As `init` has.
  public static func best(_ y: Tensor, row: Int = 0, length: Int? = nil, rules: TagRules? = nil) -> [Int] {
    TagOutputs(y, row: row, length: length).best(rules: rules)
  }

  /// The logarithm of the probability of all tags; −∞ when they break a rule.
  /// - Precondition: There is one for every step.
  public func logProbability(of tags: [Int]) -> Double {
    precondition(tags.count == length, "\(tags.count) tags for \(length) steps")
    return tags.indices.reduce(0) { $0 + log($1, tags[$1], after: $1 == 0 ? nil : tags[$1 - 1]) }
  }

  /// The probability that some steps one after the other have these tags.
  /// - Parameters:
  ///   - tags: The tags of the steps from `start` on.
  ///   - start: The first of these steps.
  ///   - others: Tags that the step behind them, if there is one, must not have: those that would go on with an entity.
  /// - Precondition: There is a tag, and there are as many steps.
  public func probability(of tags: [Int], at start: Int, notFollowedBy others: [Int] = []) -> Double {
    precondition(!tags.isEmpty && start >= 0 && start + tags.count <= length, "the sequence has \(length) steps")
    var logSum = Glibc.log(marginals[start][tags[0]])
    for index in 1..<tags.count { logSum += log(start + index, tags[index], after: tags[index - 1]) }
    let (end, last) = (start + tags.count, tags[tags.count - 1])
    guard end < length else { return exp(logSum) }
    return exp(logSum) * max(0, 1 - others.reduce(0) { $0 + exp(log(end, $1, after: last)) })
  }

  /// The logarithm of the probability of a tag at a step, given the one before; −∞ for what the rules forbid.
  private func log(_ step: Int, _ tag: Int, after before: Int?) -> Double {
    guard let rules else { return outputs.log(step, tag, after: before) }
    let here = behind[step * count + tag]
    guard rules.permit(tag, after: before), here > -.infinity else { return -.infinity }
    return outputs.log(step, tag, after: before) + here - (before.map { behind[(step - 1) * count + $0] } ?? whole)
  }

  private mutating func findBehind() {
    for step in (0..<length).reversed() {
      for before in 0..<(step == 0 ? 1 : count) {
        let before = step == 0 ? nil : before
        // What goes on from here, by logarithms whose largest is taken away first.
        let terms = (0..<count).filter { rules!.permit($0, after: before) }
          .map { outputs.log(step, $0, after: before) + behind[step * count + $0] }
        let largest = terms.max() ?? -.infinity
        let sum = largest > -.infinity ? largest + Glibc.log(terms.reduce(0) { $0 + exp($1 - largest) }) : largest
        if let before { behind[(step - 1) * count + before] = sum } else { whole = sum }
      }
    }
  }

  private mutating func findMarginals() {
    for step in 0..<length {
      var here = [Double](repeating: 0, count: count)
      for before in 0..<(step == 0 ? 1 : count) {
        let (before, share) = step == 0 ? (nil, 1) : (before, marginals[step - 1][before])
        guard share > 0 else { continue }
        for tag in 0..<count { here[tag] += share * exp(log(step, tag, after: before)) }
      }
      marginals.append(here)
    }
  }
}
