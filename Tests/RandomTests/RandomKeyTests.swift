import Foundation
import Random
import Testing

@Suite struct RandomKeyTests {
  /// JAX's words for several seeds (`Tests/References/random_keys.py`).
  @Test func wordsEqualJAXs() throws {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/random-keys.json")
    let rows = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [[String: Any]])
    #expect(rows.count == 9)
    for row in rows {
      let seed = try #require(row["seed"] as? UInt64)
      let key = RandomKey(seed)
      #expect([key.high, key.low] == row["key"] as? [UInt32])
      if let expected = row["split"] as? [UInt32] {
        #expect(key.split(3).flatMap { [$0.high, $0.low] } == expected)
      }
      if let expected = row["fold_in"] as? [UInt32] {
        let folded = key.fold(in: 7)
        #expect([folded.high, folded.low] == expected)
      }
      for (count, expected) in row["bits"] as? [String: [UInt32]] ?? [:] {
        #expect(key.bits(Int(count)!) == expected)
      }
      for (count, expected) in row["permutation"] as? [String: [Int]] ?? [:] {
        #expect(key.permutation(Int(count)!) == expected, "\(count) with seed \(seed)")
      }
      if row["uniform"] == nil { continue }
      expectClose(key.uniform(9, -2, 3), row["uniform"])
      expectClose(key.normal(32), row["normal"])
      expectClose(key.gumbel(16), row["gumbel"])
      #expect(key.bernoulli(0.3, 40).map { $0 ? 1 : 0 } == row["bernoulli"] as? [Int])
      var logits: [Float] = []
      for row in 0..<4 {
        for k in 0..<5 { logits.append(Float((3 * row + k) % 5) * 0.5) }
      }
      #expect(key.categorical(logits, classes: 5) == row["categorical"] as? [Int])
    }
  }

  private func expectClose(_ got: [Float], _ expected: Any?) {
    let expected = (expected as? [NSNumber])?.map(\.floatValue) ?? []
    #expect(got.count == expected.count)
    for (got, expected) in zip(got, expected) { #expect(abs(got - expected) <= 2e-6 * max(1, abs(expected))) }
  }

  @Test func normalsAreTheGoldenOnes() {
    let expected: [Float] = [0.95730704, -0.9699289, 1.0070665, 0.3661903, 0.1729483, 0.29092234]
    for (got, expected) in zip(RandomKey(1).normal(6), expected) {
      #expect(abs(got - expected) <= 1e-6 * abs(expected))
    }
  }

  @Test func uniformsStayInTheirRange() {
    let numbers = RandomKey(3).uniform(100_000, -2, 3)
    #expect(numbers.allSatisfy { -2 <= $0 && $0 < 3 })
    #expect(abs(numbers.reduce(0, +) / 100_000 - 0.5) < 0.025)
    let normals = RandomKey(4).normal(100_000)
    #expect(abs(normals.reduce(0, +) / 100_000) < 0.017)
    #expect(abs(normals.reduce(0) { $0 + $1 * $1 } / 100_000 - 1) < 0.025)
  }

  @Test func integersHitEveryPlaceEvenly() {
    var counts = [Int](repeating: 0, count: 7)
    for index in 0..<70_000 { counts[RandomKey(9).fold(in: UInt32(index)).integer(below: 7)] += 1 }
    for count in counts { #expect(abs(count - 10_000) < 5 * 93) }  // five standard deviations
  }
}
