import Neural
import Testing
import TrainingRuns

@Suite struct RunSummaryTests {
  /// The line after so many steps without learning, on batches of the same example that say their epochs.
  func text(
    steps: Int, epochs: [Int?] = [], evaluates: Bool = false, best: Loop.Criterion = .init("loss", isHighest: false),
    keepsBest: Bool = false
  ) throws -> String {
    var next = 0
    let batch = Batch(inputs: Tensor([[1, 2]]), targets: Tensor([1]), weights: Tensor([1]))
    let task = TrainTask(optimizer: SGD(0)) {
      defer { next += 1 }
      return Batch(
        inputs: batch.inputs, targets: batch.targets, weights: batch.weights,
        epoch: next < epochs.count ? epochs[next] : nil)
    }
    // Without a kernel, both classes have the probability 1/2.
    var layers = try SmallRun.layers()
    layers.visitWeights { $1 = $1.map { _ in 0 } }
    var loop = Loop(
      layers, task, evalTasks: evaluates ? [try EvalTask(name: "held-out", [batch])] : [],
      timing: .init(evalEvery: 2), best: best)
    _ = try loop.run(steps: steps)
    return RunSummary.text(of: loop, file: "m", keepsBest: keepsBest)
  }

  @Test func theLineHoldsWhatThereIs() throws {
    #expect(try text(steps: 3) == "3 steps, loss 0.6931; m is written")
    #expect(try text(steps: 1, epochs: [0]) == "1 step, loss 0.6931; m is written")
    #expect(try text(steps: 2, epochs: [0, 1]) == "2 steps and 1 epoch, loss 0.6931; m is written")
    #expect(
      try text(steps: 5, evaluates: true)
        == "5 steps, loss 0.6931; best held-out loss 0.6931 at step 2; m is written")
    #expect(
      try text(steps: 2, epochs: [1, 2], evaluates: true, best: .init("accuracy", isHighest: true), keepsBest: true)
        == "2 steps and 2 epochs, loss 0.6931; best held-out accuracy 0.000 at step 2; m holds the best")
  }
}
