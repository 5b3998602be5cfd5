import Foundation
import Neural
import Random
import Testing

/// Chains of tags against the enumeration of all sequences.
@Suite struct TagChainTests {
  /// Tag 2 is only for behind 1 and itself, as an I of BIO.
  static let rules = TagRules(
    starts: [true, true, false], follows: [[true, true, false], [true, true, true], [true, true, true]])!

  /// Log probabilities of 3 tags: two rows of four steps, each step alone, or given the tag before.
  static func outputs(isChain: Bool, seed: UInt64) -> Tensor {
    let shape = isChain ? [2, 4, 3, 3] : [2, 4, 3]
    let scores = Tensor(RandomKey(seed).normal(shape.reduce(1, *)).map { 2 * $0 }, shape: shape)
    let y = LogSoftmax().forward(scores).output
    guard isChain else { return y }
    // In the first step, all rows are the same.
    return Tensor(shape: shape) { values in
      for index in values.indices { values[index] = y.values[index % 36 < 9 ? index - index % 9 + index % 3 : index] }
    }
  }

  static func sequences(_ length: Int) -> [[Int]] {
    length == 0 ? [[]] : sequences(length - 1).flatMap { start in (0..<3).map { start + [$0] } }
  }

  @Test(arguments: [false, true], [false, true])
  func itIsTheEnumeration(_ isChain: Bool, _ hasRules: Bool) {
    for (seed, (row, length)) in [(0, 4), (1, 3), (1, 1), (0, 2)].enumerated() {
      let y = Self.outputs(isChain: isChain, seed: UInt64(seed))
      let rules = hasRules ? Self.rules : nil
      let chain = TagChain(y, row: row, length: length, rules: rules)
      #expect(chain.length == length && chain.count == 3)
      func probability(_ tags: [Int]) -> Double {
        var log = 0.0
        for (step, tag) in tags.enumerated() {
          let before = step == 0 ? nil : tags[step - 1]
          guard rules?.permit(tag, after: before) ?? true else { return 0 }
          let place = isChain ? ((row * 4 + step) * 3 + (before ?? 0)) * 3 : (row * 4 + step) * 3
          log += Double(y.values[place + tag])
        }
        return exp(log)
      }
      let all = Self.sequences(length)
      let whole = all.reduce(0) { $0 + probability($1) }
      if !hasRules { #expect(abs(whole - 1) < 1e-5) }
      #expect(chain.best() == all.max { probability($0) < probability($1) })
      func share(_ included: ([Int]) -> Bool) -> Double {
        all.filter(included).reduce(0) { $0 + probability($1) } / whole
      }
      for tags in all { #expect(abs(exp(chain.logProbability(of: tags)) - probability(tags) / whole) < 1e-6) }
      for step in 0..<length {
        for tag in 0..<3 { #expect(abs(chain.marginals[step][tag] - share { $0[step] == tag }) < 1e-6) }
        for part in Self.sequences(length - step) + Self.sequences(1) {
          let end = step + part.count
          let expected = share { Array($0[step..<end]) == part && (end == length || $0[end] == 0) }
          let got = chain.probability(of: part, at: step, notFollowedBy: [1, 2])
          #expect(abs(got - expected) < 1e-6, "\(part) at \(step)")
        }
      }
    }
  }

  /// Tags that BIO forbids are never taken, however probable the steps make them.
  @Test func rulesAreKept() {
    let y = LogSoftmax().forward(Tensor([0, 0, 50, 0, 0, 50, 0, 1, 50], shape: [1, 3, 3])).output
    #expect(TagChain(y).best() == [2, 2, 2])
    let chain = TagChain(y, rules: Self.rules)
    #expect(chain.best() == [1, 2, 2])
    #expect(chain.logProbability(of: [2, 2, 2]) == -.infinity)
    #expect(chain.marginals[0][2] == 0 && chain.marginals[0][1] > 0.99)
    #expect(chain.probability(of: [1, 2, 2], at: 0) > 0.99 && chain.probability(of: [0, 2], at: 1) == 0)
  }

  @Test func ofEqualsTheLowestIsTaken() {
    let y = Tensor(repeating: -logf(3), shape: [1, 3, 3])
    #expect(TagChain(y).best() == [0, 0, 0] && TagChain(y, rules: Self.rules).best() == [0, 0, 0])
    #expect(TagChain(y, length: 0).best() == [] && TagChain(y, length: 0, rules: Self.rules).marginals.isEmpty)
  }

  /// A row of a thousand steps loses nothing.
  @Test func longChainsKeepTheirProbability() {
    let scores = Tensor(RandomKey(1).normal(3000).map { 5 * $0 }, shape: [1, 1000, 3])
    let chain = TagChain(LogSoftmax().forward(scores).output, rules: Self.rules)
    for step in [0, 499, 999] { #expect(abs(chain.marginals[step].reduce(0, +) - 1) < 1e-4) }
    #expect(chain.logProbability(of: chain.best()).isFinite)
  }
}
