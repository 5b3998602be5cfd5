import Neural
import TestSupport
import Testing
import TrainingRuns

@Suite struct DryRunTests {
  func text(_ batch: Batch?) throws -> String {
    try DryRun.text(of: SmallRun.layers(), TrainTask(optimizer: Adam(0.01)) { batch })
  }

  @Test func theBatchAndTheMemoryAreShown() throws {
    let batch = Batch(inputs: Tensor([[1, 2, 3], [4, 0, 0]]), targets: Tensor([1, 0]), weights: Tensor([1, 1]))
    let lines = try text(batch).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("first batch: inputs [2, 3], targets [2], loss 0."))
    #expect(lines[1].hasPrefix("a step: ") && lines[1].hasSuffix(" ms, the first one"))
    #expect(lines[2].hasPrefix("memory: weights 0.0 MB, slots 0.0 MB, in all ") && lines[2].hasSuffix(" MB"))
  }

  @Test func aBatchThatSaysNothingIsAFailure() throws {
    #expect(performing { try text(nil) } == "there is no batch")
    let heavy = Batch(inputs: Tensor([[1], [1]]), targets: Tensor([1, 1]), weights: Tensor([3e38, 3e38]))
    #expect(performing { try text(heavy) } == "the loss of the first batch is not finite")
  }
}
