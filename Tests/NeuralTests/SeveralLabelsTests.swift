import Foundation
import Neural
import Random
import TestSupport
import Testing

/// Loss, output and metrics where a row has several classes or none, against PyTorch and scikit-learn
/// (`Tests/References/several_labels.py`).
@Suite struct SeveralLabelsTests {
  static let metrics = Metrics.all.filter { $0.targetKind == .labels }

  func tensor(_ value: Any?) throws -> Tensor {
    let object = try #require(value as? [String: Any])
    let numbers = try #require(object["values"] as? [NSNumber])
    return Tensor(numbers.map(\.floatValue), shape: try #require(object["shape"] as? [Int]))
  }

  @Test func lossGradientAndMetricsAreTheirs() throws {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/several-labels.json")
    let golden = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    let cases = try #require(golden["cases"] as? [[String: Any]])
    #expect(cases.count == 5)
    for test in cases {
      let (logits, targets) = (try tensor(test["logits"]), try tensor(test["targets"]))
      let weights = try tensor(test["weights"])
      let output = LogSigmoid().forward(logits)
      let expected = try tensor(test["log_probabilities"])
      for (y, log) in zip(output.output.values, expected.values) { #expect(abs(y - log) <= 1e-6 * abs(log)) }
      let (loss, dy) = BinaryCrossEntropy()(output.output, targets: targets, weights: weights)
      let theirs = try #require(test["loss"] as? Double)
      #expect(abs(Double(loss) - theirs) < 1e-6 * max(1, theirs))
      let gradient = try tensor(test["gradient"])
      #expect(largestDifference(output.backward(dy).input, gradient) < 1e-7)
      let figures = try #require(test["metrics"] as? [String: Double])
      #expect(Set(figures.keys) == Set(Self.metrics.map(\.key)))
      for metric in Self.metrics {
        let value = metric.value(of: metric.counts(output.output, targets: targets, weights: weights))
        #expect(abs(value - figures[metric.key]!) < 1e-9, "\(metric.name)")
      }
    }
  }

  /// The gradient of the log odds is σ(x) − t however far they are from what is the case, so that training finds back.
  @Test(arguments: [Float(-1e4), -500, -100, -88, 88, 100, 500, 1e4])
  func hopelessLogOddsHaveAGradient(_ x: Float) {
    let output = LogSigmoid().forward(Tensor([[x, x]]))
    let (loss, dy) = BinaryCrossEntropy()(output.output, targets: Tensor([[0, 1]]), weights: Tensor([1]))
    #expect(loss.isFinite && loss > 40)
    let gradient = output.backward(dy).input.values
    let probability: Float = x > 0 ? 1 : 0
    #expect(abs(gradient[0] - probability / 2) < 1e-6 && abs(gradient[1] - (probability - 1) / 2) < 1e-6)
  }

  /// Rows of weight 0 count for nothing, whatever they hold.
  @Test func paddingCountsForNothing() {
    let (y, t) = (Tensor([[-0.1, -2], [-.infinity, 0]]), Tensor([[1, 0], [1, 0]]))
    let with = BinaryCrossEntropy()(y, targets: t, weights: Tensor([2, 0]))
    let without = BinaryCrossEntropy()(Tensor([[-0.1, -2]]), targets: Tensor([[1, 0]]), weights: Tensor([1]))
    #expect(with.loss == without.loss && with.gradient.values == without.gradient.values + [0, 0])
    let none = BinaryCrossEntropy()(y, targets: t, weights: Tensor([0, 0]))
    #expect(none.loss == 0 && none.gradient.values == [0, 0, 0, 0])
    for metric in Self.metrics {
      #expect(metric(y, targets: t, weights: Tensor([0, 0])).isNaN)
      #expect(
        metric(Tensor(repeating: 0, shape: [0, 2]), targets: Tensor(repeating: 0, shape: [0, 2]), weights: Tensor([]))
          .isNaN)
    }
  }

  /// A probability of exactly a half is one that is predicted.
  @Test func aHalfIsProbableEnough() {
    let y = LogSigmoid().forward(Tensor([[0, -Float.leastNonzeroMagnitude, 1e-7, -1e-6]])).output
    let told = Tensor([[1, 1, 1, 0]])
    #expect(SubsetAccuracy()(y, targets: told, weights: Tensor([1])) == 1)
    // No class there and none predicted is right, but has no F1.
    let nothing = (Tensor([[-9, -9]]), Tensor([[0, 0]]))
    #expect(SubsetAccuracy()(nothing.0, targets: nothing.1, weights: Tensor([1])) == 1)
    for metric in Self.metrics where metric.name != "SubsetAccuracy" {
      #expect(metric(nothing.0, targets: nothing.1, weights: Tensor([1])) == 0)
    }
  }

  /// Outputs, targets and weights of rows drawn from a seed.
  func rows(_ count: Int) -> (y: Tensor, targets: Tensor, weights: Tensor) {
    let logits = Tensor(RandomKey(1).normal(count * 3), shape: [count, 3])
    let targets = Tensor(RandomKey(2).uniform(count * 3).map { $0 < 0.4 ? 1 : 0 }, shape: [count, 3])
    return (LogSigmoid().forward(logits).output, targets, Tensor(RandomKey(3).uniform(count).map { $0 < 0.3 ? 0 : $0 }))
  }

  @Test(arguments: metrics.indices) func countsOfPartsAddUp(_ index: Int) {
    let metric = Self.metrics[index]
    let all = rows(30)
    func part(_ rows: Range<Int>) -> [Double] {
      func cut(_ tensor: Tensor) -> Tensor {
        Tensor(Array(tensor.values[rows.lowerBound * 3..<rows.upperBound * 3]), shape: [rows.count, 3])
      }
      return metric.counts(
        cut(all.y), targets: cut(all.targets), weights: Tensor(Array(all.weights.values[rows])))
    }
    let whole = metric.value(of: part(0..<30))
    for cut in 1..<30 {
      #expect(abs(metric.value(of: zip(part(0..<cut), part(cut..<30)).map { $0 + $1 }) - whole) < 1e-9)
    }
    #expect(whole > 0 && whole < 1)
  }

  /// What is evaluated in batches with padding is what the examples alone give.
  @Test func evaluationsAreAtTheExamplesOwnLengths() throws {
    var model = try LayerExpression().model("Embedding(9, 4) Mean Dense(3) LogSigmoid")
    _ = try model.initialize([1, 1], key: RandomKey(1))
    let ids: [[Float]] = [[3], [4, 5, 6], [7, 8], [1, 2]]
    let targets: [[Float]] = [[1, 0, 0], [0, 1, 1], [0, 0, 0], [1, 1, 1]]
    let weights: [Float] = [1, 2, 0.5, 0]
    let padded = Batch(
      inputs: Tensor(ids.map { $0 + [Float](repeating: 0, count: 3 - $0.count) }), targets: Tensor(targets),
      weights: Tensor(weights))
    let alone = ids.indices.map {
      Batch(inputs: Tensor([ids[$0]]), targets: Tensor([targets[$0]]), weights: Tensor([weights[$0]]))
    }
    let together = try EvalTask([padded], metrics: Self.metrics).evaluate(model, loss: BinaryCrossEntropy())
    let apart = try EvalTask(alone, metrics: Self.metrics).evaluate(model, loss: BinaryCrossEntropy())
    #expect(abs(together.loss - apart.loss) < 1e-6 && together.loss > 0.1)
    for (a, b) in zip(together.metrics, apart.metrics) { #expect(abs(a - b) < 1e-6) }
    let byHand = ids.indices.reduce(Float(0)) { sum, row in
      let y = model.forward(Tensor([ids[row]])).output
      return sum + weights[row] * BinaryCrossEntropy()(y, targets: Tensor([targets[row]]), weights: Tensor([1])).loss
    }
    #expect(abs(together.loss - byHand / 3.5) < 1e-6)
  }

  /// Two classes that exclude neither each other nor nothing are learned from the ids.
  @Test func severalLabelsAreLearned() throws {
    var model = try LayerExpression().model("Embedding(5, 8) Mean Dense(2) LogSigmoid")
    _ = try model.initialize([1, 1], key: RandomKey(1))
    let batch = Batch(
      inputs: Tensor([[1, 2], [1, 3], [4, 2], [4, 3]]), targets: Tensor([[1, 1], [1, 0], [0, 1], [0, 0]]),
      weights: Tensor([1, 1, 1, 1]))
    var trainer = Trainer(
      model, optimizer: Adam(0.05), loss: BinaryCrossEntropy(), metrics: [SubsetAccuracy()])
    for _ in 0..<100 { _ = trainer.train(on: batch) }
    let last = trainer.train(on: batch)
    #expect(last.loss < 0.05 && last.counts == [4, 4])
  }
}
