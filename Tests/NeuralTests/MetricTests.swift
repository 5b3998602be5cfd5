import Foundation
import Neural
import Random
import Testing

@Suite struct MetricTests {
  /// Those of one class a row; `SeveralLabelsTests` has the others.
  static let metrics = Metrics.all.filter { $0.targetKind == .classes }

  @Test func metricsHaveNamesAndADirection() {
    #expect(Set(Metrics.all.map(\.key)).count == Metrics.all.count)
    for metric in Metrics.all { #expect(Metrics.named(metric.key)?.name == metric.name) }
    #expect(Metrics.named("log_perplexity")?.isHigherBetter == false)
    #expect(Metrics.named("accuracy")?.isHigherBetter == true && Metrics.named("loss") == nil)
  }

  /// Outputs that predict classes.
  func outputs(_ predictions: [Int], classes: Int = 6) -> Tensor {
    Tensor(
      predictions.flatMap { p in (0..<classes).map { $0 == p ? 0 : Float(-9) } }, shape: [predictions.count, classes])
  }

  func ones(_ count: Int) -> Tensor { Tensor(repeating: 1, shape: [count]) }

  /// The figures of `Tests/References/f_scores.py`.
  @Test func fScoresAreScikitLearns() {
    let (targets, y) = (Tensor([0, 0, 1, 1, 4, 4, 4]), outputs([0, 1, 1, 1, 4, 0, 5]))
    #expect(abs(MacroAveragedFScore()(y, targets: targets, weights: ones(7)) - 0.45) < 1e-6)
    #expect(abs(WeightedFScore()(y, targets: targets, weights: ones(7)) - 0.5857142857) < 1e-6)
    #expect(MacroAveragedFScore()(outputs([0, 1]), targets: Tensor([0, 1]), weights: ones(2)) == 1)
  }

  /// The figure of parts is that of the whole; once it was the mean of the parts' figures.
  @Test(arguments: metrics.indices) func countsOfPartsAddUp(_ index: Int) {
    let metric = Self.metrics[index]
    let count = 30
    func numbers(_ seed: UInt64) -> [Float] { RandomKey(seed).uniform(count) }
    let targets = numbers(1).map { Float(Int($0 * 3)) }
    let weights = numbers(2).map { $0 < 0.3 ? 0 : $0 }
    let y = outputs(zip(numbers(3), targets).map { $0 < 0.6 ? Int($1) : Int($0 * 6) })
    func part(_ rows: Range<Int>) -> [Double] {
      metric.counts(
        Tensor(Array(y.values[rows.lowerBound * 6..<rows.upperBound * 6]), shape: [rows.count, 6]),
        targets: Tensor(Array(targets[rows])), weights: Tensor(Array(weights[rows])))
    }
    let whole = metric.value(of: part(0..<count))
    for cut in 1..<count {
      let sums = zip(part(0..<cut), part(cut..<count)).map { $0 + $1 }
      #expect(abs(metric.value(of: sums) - whole) < 1e-9)
    }
    #expect(whole > 0 && whole.isFinite)
  }

  @Test(arguments: metrics.indices) func nothingHasNoFigure(_ index: Int) {
    let figure = Self.metrics[index](outputs([1, 2]), targets: Tensor([1, 2]), weights: Tensor([0, 0]))
    #expect(figure.isNaN)
    #expect(Self.metrics[index](outputs([]), targets: Tensor([]), weights: Tensor([])).isNaN)
  }

  /// A row of padding is no sequence that was right.
  @Test func sequencesWithoutTargetsAreLeftOut() {
    let y = outputs([1, 1, 1, 2]).reshaped([2, 2, 6])
    let (targets, weights) = (Tensor([[0, 0], [1, 2]]), Tensor([[0, 0], [1, 1]]))
    for metric in [SequenceAccuracy() as any Metric, MaskedSequenceAccuracy()] {
      #expect(metric.counts(y, targets: targets, weights: weights) == [1, 1])
    }
  }
}

@Suite struct EvalTaskTests {
  func model(_ expression: String) throws -> Serial {
    var model = try LayerExpression().model(expression)
    _ = try model.initialize([1, 1], key: RandomKey(1))
    return model
  }

  func batch(_ rows: [[Float]], _ targets: [Float], _ weights: [Float]? = nil, continues: Bool = false) -> Batch {
    Batch(
      inputs: Tensor(rows), targets: Tensor(targets),
      weights: Tensor(weights ?? targets.map { _ in 1 }), continues: continues)
  }

  /// Accuracy once depended on the padding of a batch, and so on the batch size.
  @Test(arguments: [
    "Embedding(9, 4) Mean Dense(2) LogSoftmax", "Embedding(9, 4) GRU(3) Mean Dense(2) LogSoftmax",
    "Branch(Embedding(9, 4) PaddingMask) MaskedMean Dense(2) LogSoftmax",
  ])
  func examplesAreJudgedAtTheirOwnLengths(_ expression: String) throws {
    let model = try model(expression)
    let padded = [
      batch([[3, 4, 0, 0, 0], [5, 0, 0, 0, 0], [6, 0, 7, 8, 3]], [0, 1, 1]),
      batch([[0, 0], [2, 3]], [1, 0], [3, 1]),
    ]
    let alone = [
      batch([[3, 4]], [0]), batch([[5]], [1]), batch([[6, 0, 7, 8, 3]], [1]), batch([[0]], [1], [3]),
      batch([[2, 3]], [0]),
    ]
    let metrics = MetricTests.metrics
    let (a, b) = (
      try EvalTask(padded, metrics: metrics).evaluate(model), try EvalTask(alone, metrics: metrics).evaluate(model)
    )
    #expect(abs(a.loss - b.loss) < 1e-6)
    for (a, b) in zip(a.metrics, b.metrics) { #expect(abs(a - b) < 1e-6) }
    #expect(try EvalTask(padded).weight == 7 && EvalTask(padded, batchCount: 1).weight == 3)
  }

  /// The same of sequences: a layer that begins at the end sees no padding. What counts is no padding, whatever its id.
  @Test(arguments: [
    "Embedding(9, 4) Bidirectional[GRU(3)] Dense(3) LogSoftmax", "Embedding(9, 4) Bidirectional[LSTM(3)] Dense(3) CRF",
  ])
  func sequencesAreJudgedAtTheirOwnLengths(_ expression: String) throws {
    let model = try model(expression)
    func batch(_ inputs: [[Float]], _ targets: [[Float]], _ weights: [[Float]]) -> Batch {
      Batch(inputs: Tensor(inputs), targets: Tensor(targets), weights: Tensor(weights))
    }
    let padded = [
      batch([[3, 4, 0, 0], [5, 0, 0, 0]], [[1, 2, 0, 0], [0, 1, 0, 0]], [[1, 1, 0, 0], [2, 1, 0, 0]]),
      batch([[6, 7]], [[2, 0]], [[1, 0]]),
    ]
    let alone = [
      batch([[3, 4]], [[1, 2]], [[1, 1]]), batch([[5, 0]], [[0, 1]], [[2, 1]]), batch([[6, 7]], [[2, 0]], [[1, 0]]),
    ]
    func evaluate(_ batches: [Batch], apart: Bool) throws -> (loss: Float, metrics: [Float]) {
      try EvalTask(batches, takesSequencesApart: apart).evaluate(model)
    }
    let (a, b) = (try evaluate(padded, apart: true), try evaluate(alone, apart: false))
    #expect(abs(a.loss - b.loss) < 1e-5 && abs(a.metrics[0] - b.metrics[0]) < 1e-6)
    #expect(abs(try evaluate(padded, apart: false).loss - b.loss) > 1e-5)
  }

  /// Its loss once was 0, which none is better than.
  @Test func anEvaluationOfNothingIsAnError() throws {
    let empty = batch([[1], [2]], [0, 1], [0, 0])
    #expect(throws: EvalTask.NothingToEvaluate.noBatches) { try EvalTask([]) }
    #expect(throws: EvalTask.NothingToEvaluate.noBatches) { try EvalTask([batch([[1]], [0])], batchCount: 0) }
    #expect(throws: EvalTask.NothingToEvaluate.noWeight) { try EvalTask([empty, empty]) }
    #expect(throws: EvalTask.NothingToEvaluate.noWeight) { try EvalTask([empty, batch([[1]], [0])], batchCount: 1) }
    #expect(try EvalTask([empty, batch([[1]], [0])]).weight == 1)
  }

  private struct Evaluation: Decodable {
    let classes: Int, sizes: [Int], logits: [[Float]], targets: [Float], weights: [Float]
    let loss: Float, accuracy: Float, macroAveragedFScore: Float, weightedFScore: Float
  }

  /// The figures of `Tests/References/evaluation.py`: those of the whole set, which are no means over its batches. The
  /// metrics are sums and quotients of doubles; the loss is a sum of losses that are floats.
  @Test func figuresOfUnevenBatchesAreScikitLearns() throws {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/evaluation.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let evaluations = try decoder.decode([Evaluation].self, from: Data(contentsOf: url))
    #expect(evaluations.count == 4)
    var differences = 0
    for expected in evaluations {
      let count = expected.targets.count
      // Example i is the id i, whose row of the table holds its logits.
      var model = try LayerExpression().model("Embedding(\(count), \(expected.classes)) Mean LogSoftmax")
      _ = try model.initialize([1, 1], key: RandomKey(1))
      model.visitWeights { $1 = Tensor(expected.logits) }
      var start = 0
      let batches = expected.sizes.map { size in
        defer { start += size }
        return batch(
          (start..<start + size).map { [Float($0)] }, Array(expected.targets[start..<start + size]),
          Array(expected.weights[start..<start + size]))
      }
      #expect(start == count)
      let metrics: [any Metric] = [Accuracy(), MacroAveragedFScore(), WeightedFScore()]
      let (loss, values) = try EvalTask(batches, metrics: metrics).evaluate(model)
      #expect(abs(loss - expected.loss) < 1e-6, "\(loss) \(expected.loss)")
      let figures = [expected.accuracy, expected.macroAveragedFScore, expected.weightedFScore]
      for (value, figure) in zip(values, figures) { #expect(abs(value - figure) < 1e-7, "\(value) \(figure)") }

      // A mean over the batches would be another number.
      let parts = batches.filter { $0.weight > 0 }
      let mean = try parts.map { try EvalTask([$0], metrics: metrics).evaluate(model).metrics[1] }.reduce(0, +)
      if abs(mean / Float(parts.count) - expected.macroAveragedFScore) > 0.01 { differences += 1 }
    }
    #expect(differences == 4)
  }
}
