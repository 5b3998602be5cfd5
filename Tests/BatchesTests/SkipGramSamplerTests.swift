import Batches
import Glibc
import Random
import Testing

@Suite struct SkipGramSamplerTests {
  func sampler(_ counts: [Int], window: Int = 5, negatives: Int = 5, threshold: Double? = nil) -> SkipGramSampler {
    SkipGramSampler(counts: counts, window: window, negatives: negatives, threshold: threshold)
  }

  /// Nothing is drawn where the window is 1 and all words are used.
  @Test func neighboursStandNearInOrder() {
    let counts = [9, 9, 9, 1, 1, 1, 1]
    let rows = sampler(counts, window: 1).rows(of: [3, 0, 4, 2, 5, 1, 6], key: RandomKey(1))
    #expect(rows.map(\.word) == [3, 4, 5, 6])
    #expect(rows.map { Array($0.others[..<$0.near]) } == [[4], [3, 5], [4, 6], [5]])
    for row in rows {
      let drawn = row.others[row.near...]
      #expect(drawn.allSatisfy { $0 >= 3 && !row.others[..<row.near].contains($0) })
      #expect(drawn.count <= 5 * row.near)
    }
  }

  @Test func aWordAloneHasNoRow() {
    #expect(sampler([0, 0, 1, 1]).rows(of: [2, 3], key: RandomKey(1)).isEmpty)
    #expect(sampler([]).rows(of: [], key: RandomKey(1)).isEmpty)
  }

  /// The reach is even from 1 to the window: of a word in the middle of a long text.
  @Test func reachesAreEven() {
    let text = [Int32](repeating: 3, count: 20_001) + [4]
    let rows = sampler([0, 0, 0, 20_001, 1], window: 4, negatives: 1).rows(of: text, key: RandomKey(7))
    var counts = [Int: Int]()
    for row in rows[4..<rows.count - 5] { counts[row.near, default: 0] += 1 }
    #expect(Set(counts.keys) == [2, 4, 6, 8])
    #expect(counts.values.allSatisfy { abs(Double($0) / 20_000 - 0.25) < 0.015 })
  }

  /// Words are drawn in proportion to counts to the power of 3/4, and special tokens never.
  @Test func drawsFollowTheCounts() {
    let counts = [1000, 1000, 1000, 10_000, 100, 0, 1, 4000]
    let rows = sampler(counts, window: 1, negatives: 20).rows(
      of: [Int32](repeating: 6, count: 10_000), key: RandomKey(3))
    var drawn = [Int](repeating: 0, count: counts.count)
    for row in rows { for id in row.others[row.near...] { drawn[id] += 1 } }
    // The word beside itself is left out where it is drawn.
    let weights = counts.enumerated().map { $0 < 3 || $0 == 6 ? 0 : pow(Double($1), 0.75) }
    let (sum, total) = (weights.reduce(0, +), Double(drawn.reduce(0, +)))
    for (count, weight) in zip(drawn, weights) {
      #expect(abs(Double(count) - total * weight / sum) <= 5 * (total * weight / sum).squareRoot())
    }
  }

  /// A share f is used with the probability √(t / f) + t / f.
  @Test func frequentWordsAreLeftOut() {
    let counts = [0, 0, 0, 90_000, 10_000]
    let text = (0..<100_000).map { Int32($0 % 10 == 0 ? 4 : 3) }
    let rows = sampler(counts, window: 1, negatives: 1, threshold: 0.01).rows(of: text, key: RandomKey(5))
    for (id, count) in [(3, 90_000.0), (4, 10_000.0)] {
      let share = 0.01 / (count / 100_000)
      let expected = count * (share.squareRoot() + share)
      let used = Double(rows.count { $0.word == id })
      #expect(abs(used - expected) < 5 * expected.squareRoot(), "\(used) of \(id), not \(expected)")
    }
  }

  @Test func theSameKeyDrawsTheSame() {
    let (one, text) = (sampler([0, 0, 0, 5, 5, 5, 5]), [Int32](arrayLiteral: 3, 4, 5, 6, 3, 4, 5, 6))
    #expect(one.rows(of: text, key: RandomKey(1)) == one.rows(of: text, key: RandomKey(1)))
    #expect(one.rows(of: text, key: RandomKey(1)) != one.rows(of: text, key: RandomKey(2)))
  }
}
