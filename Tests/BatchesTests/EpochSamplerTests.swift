import Batches
import Random
import Testing

@Suite struct EpochSamplerTests {
  @Test func epochsFollowEachOtherAndDiffer() {
    var sampler = EpochSampler(Array(10..<60), shuffledBy: RandomKey(1))
    let first = (0..<50).map { _ in sampler.draw() }
    let second = (0..<50).map { _ in sampler.draw() }
    #expect(first.sorted() == Array(10..<60) && second.sorted() == Array(10..<60))
    #expect(first != second && first != first.sorted())
    var plain = EpochSampler([3, 1, 2])
    #expect((0..<7).map { _ in plain.draw() } == [3, 1, 2, 3, 1, 2, 3])
  }
}
