import Foundation
import Neural
import Random
import Testing

@Suite struct TrainingTests {
  /// Two classes that differ in which ids they hold.
  func batch(_ seed: UInt64) -> Batch {
    let numbers = RandomKey(seed).uniform(16 * 6)
    let targets = (0..<16).map { Float($0 % 2) }
    let ids = numbers.enumerated().map { index, number in
      let target = targets[index / 6]
      return Float(Int(number * 5)) + (number < 0.7 ? 5 * target : 10)
    }
    return Batch(
      inputs: Tensor(ids, shape: [16, 6]), targets: Tensor(targets), weights: Tensor(repeating: 1, shape: [16]))
  }

  func trained(steps: Int, seed: UInt64 = 1) throws -> Trainer {
    var model = try LayerExpression(vocabularySize: 15).model("Embedding(8) Mean Dense(2) LogSoftmax")
    _ = try model.initialize([1, 1], key: RandomKey(seed))
    var trainer = Trainer(model, optimizer: Adam(0.02))
    for step in 0..<steps { _ = trainer.train(on: batch(UInt64(step))) }
    return trainer
  }

  @Test func aClassifierLearns() throws {
    let held = (1000..<1004).map { batch($0) }
    let first = try EvalTask(held).evaluate(try trained(steps: 0).model)
    let last = try EvalTask(held).evaluate(try trained(steps: 100).model)
    #expect(abs(first.loss - 0.69) < 0.1)
    #expect(last.loss < 0.2 && last.metrics[0] > 0.97)
  }

  @Test func theSameRunGivesTheSameBits() throws {
    let (a, b, other) = (try trained(steps: 20), try trained(steps: 20), try trained(steps: 20, seed: 2))
    #expect(a.model.weights.map(\.value) == b.model.weights.map(\.value))
    #expect(a.model.weights.map(\.value) != other.model.weights.map(\.value))
  }

  @Test func anExampleOfWeightZeroCountsForNothing() throws {
    func weights(_ target: Float) throws -> [Tensor] {
      var trainer = try trained(steps: 1)
      let inputs = Tensor([[1, 2], [3, 4]])
      _ = trainer.train(on: Batch(inputs: inputs, targets: Tensor([1, target]), weights: Tensor([1, 0])))
      return trainer.model.weights.map(\.value)
    }
    #expect(try weights(0) == weights(1))
    let nothing = CrossEntropyLoss()(Tensor([[-1, -2]]), targets: Tensor([0]), weights: Tensor([0]))
    #expect(nothing.loss == 0 && nothing.gradient == Tensor([[0, 0]]))
  }

  @Test func evaluationCountsByWeightAndNotByBatch() throws {
    let model = try trained(steps: 5).model
    let whole = batch(7)
    func part(_ rows: Range<Int>) -> Batch {
      Batch(
        inputs: Tensor(Array(whole.inputs.values[rows.lowerBound * 6..<rows.upperBound * 6]), shape: [rows.count, 6]),
        targets: Tensor(Array(whole.targets.values[rows])), weights: Tensor(Array(whole.weights.values[rows])))
    }
    let one = try EvalTask([whole]).evaluate(model)
    let parts = try EvalTask([part(0..<3), part(3..<16)]).evaluate(model)
    #expect(abs(one.loss - parts.loss) < 1e-6 && abs(one.metrics[0] - parts.metrics[0]) < 1e-6)
    #expect(try EvalTask([whole, part(0..<3)], batchCount: 1).evaluate(model) == one)
  }

  @Test func aConfusionMatrixGivesItsFigures() {
    var matrix = ConfusionMatrix(classes: 3)
    for (label, prediction) in [(0, 0), (0, 0), (0, 1), (1, 1), (2, 1)] {
      matrix.add(label: label, prediction: prediction)
    }
    #expect(matrix.accuracy == 0.6 && matrix.total == 5)
    #expect(matrix.precision(1) == 1.0 / 3 && matrix.recall(1) == 1 && matrix.f1(1) == 0.5)
    #expect(matrix.recall(0) == 2.0 / 3 && matrix.support(2) == 1)
    #expect(matrix.precision(2) == 0 && matrix.f1(2) == 0)
  }
}
