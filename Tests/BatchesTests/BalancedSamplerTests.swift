import Batches
import Testing

@Suite struct BalancedSamplerTests {
  @Test func classesShareBatchesAndSmallOnesStartOver() throws {
    var sampler = try #require(BalancedSampler(labels: [0, 1, 0, 0, 1], batchSize: 4))
    #expect(sampler.epochLength == 3)
    #expect(sampler.draw() == [1, 4, 0, 2])
    #expect(sampler.draw(limit: 1) == [1, 3])
    #expect(BalancedSampler(labels: [0, 1, 2], batchSize: 4) == nil)
    #expect(BalancedSampler(labels: [], batchSize: 4) == nil)
  }
}
