import Foundation
import Models
import Neural
import Random
import Testing

@Suite struct SamplerTests {
  let probabilities: [Float] = [0.05, 0.4, 0.1, 0.3, 0.15]
  var logProbabilities: [Float] { probabilities.map { logf($0) } }

  /// The shares of `count` draws.
  func shares(_ sampler: Sampler, count: Int = 20_000) -> [Double] {
    var counts = [Double](repeating: 0, count: 5)
    for draw in 0..<count {
      let id = logProbabilities.withUnsafeBufferPointer { sampler($0, key: RandomKey(7).fold(in: UInt32(draw))) }
      counts[id] += 1 / Double(count)
    }
    return counts
  }

  /// Draws at a temperature follow the softmax of `log p / temperature`, within five standard deviations.
  @Test(arguments: [Float(1), 0.5, 2])
  func drawsFollowTheProbabilities(_ temperature: Float) {
    let powers = probabilities.map { pow(Double($0), 1 / Double(temperature)) }
    let expected = powers.map { $0 / powers.reduce(0, +) }
    for (share, expected) in zip(shares(Sampler(temperature: temperature)), expected) {
      #expect(abs(share - expected) < 5 * sqrt(expected * (1 - expected) / 20_000))
    }
  }

  @Test func temperatureZeroIsTheLargest() {
    #expect(shares(Sampler(temperature: 0), count: 4) == [0, 1, 0, 0, 0])
    let equals: [Float] = [-1, -0.5, -0.5]
    #expect(equals.withUnsafeBufferPointer { Sampler(temperature: 0)($0, key: RandomKey(1)) } == 1)
  }

  @Test(arguments: [
    (Sampler(topK: 1), [1]), (Sampler(topK: 3), [1, 3, 4]), (Sampler(topK: 99), [0, 1, 2, 3, 4]),
    (Sampler(topP: 0.4), [1]), (Sampler(topP: 0.41), [1, 3]), (Sampler(topP: 0.8), [1, 3, 4]),
    (Sampler(topP: 1), [0, 1, 2, 3, 4]), (Sampler(topP: 1e-9), [1]), (Sampler(topK: 2, topP: 0.99), [1, 3]),
    // At temperature 0.1 nearly all the probability is with the first.
    (Sampler(temperature: 0.1, topP: 0.9), [1]),
  ])
  func limitsKeepTheMostProbable(_ sampler: Sampler, _ support: [Int]) {
    let drawn = shares(sampler, count: 3000)
    #expect(drawn.indices.filter { drawn[$0] > 0 } == support)
  }

  @Test func theSameKeyDrawsTheSame() {
    let sampler = Sampler(temperature: 0.8, topK: 4)
    #expect(shares(sampler, count: 200) == shares(sampler, count: 200))
  }
}
