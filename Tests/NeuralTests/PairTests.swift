import Foundation
import Neural
import Random
import Testing

/// Models of two inputs against JAX (`Tests/References/pairs_golden.py`), and what they promise.
@Suite struct PairTests {
  static let recurrent = "Siamese[Embedding(13, 6) LSTM(5) Mean Normalize]"
  static let logistic = "Siamese[Branch[Embedding(13, 6) PaddingMask] MaskedMean Normalize] DotProduct Logistic"

  func golden() throws -> [String: Any] {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/pairs.json")
    return try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
  }

  func floats(_ value: Any?) throws -> [Float] { try #require(value as? [NSNumber]).map(\.floatValue) }

  func model(_ expression: String) throws -> Serial {
    var model = try LayerExpression().model(expression)
    _ = try model.initialize([[1, 2], [1, 3]], key: RandomKey(0))
    var seed: UInt64 = 100
    model.visitWeights { _, weight in
      weight = Tensor(RandomKey(seed).normal(weight.count).map { 0.4 * $0 }, shape: weight.shape)
      seed += 1
    }
    return model
  }

  func batch(_ step: Int, ofDuplicates: Bool) -> Batch {
    func ids(_ seed: Int, _ count: Int) -> [Int] { RandomKey(UInt64(seed)).uniform(count).map { Int($0 * 13) } }
    var a = ids(1000 + step, 42)
    let b = ids(2000 + step, 28)
    for row in 0..<7 {
      a[6 * row] = 1 + step % 5
      for time in 3..<6 where row % 2 == 0 { a[6 * row + time] = 0 }
    }
    let labels = (0..<7).map { a[6 * $0 + 1] % 2 == b[4 * $0] % 2 ? Float(1) : 0 }
    return Batch(
      inputs: Tensor(a.map { Float($0) }, shape: [7, 6]), otherInputs: Tensor(b.map { Float($0) }, shape: [7, 4]),
      targets: Tensor(ofDuplicates ? [Float](repeating: 1, count: 7) : labels),
      weights: Tensor((0..<7).map { $0 < 6 ? 1 : 0.5 }))
  }

  func check(_ got: [Float], _ expected: [Float], _ tolerance: Float = 1e-5, _ what: String = "") {
    #expect(got.count == expected.count)
    let largest = zip(got, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(largest < tolerance, "\(what) differs by \(largest)")
  }

  @Test func outputsEqualJAXs() throws {
    let golden = try golden()
    let vectors = try model(Self.recurrent).forward(batch(1, ofDuplicates: true).tensors, Pass()).outputs
    let expected = try #require(golden["vectors"] as? [[NSNumber]]).map { $0.map(\.floatValue) }
    for (got, expected) in zip(vectors, expected) { check(got.values, expected) }
    let y = try model(Self.logistic).forward(batch(1, ofDuplicates: false).tensors, Pass()).outputs[0]
    check(y.values, try floats(golden["log_probabilities"]))
  }

  @Test(arguments: ["any", "below-positive", "labelled"])
  func gradientsAndAHundredStepsEqualJAXs(_ run: String) throws {
    let golden = try #require(try golden()[run] as? [String: Any])
    let isLabelled = run == "labelled"
    let model = try model(isLabelled ? Self.logistic : Self.recurrent)
    let loss: any Loss =
      isLabelled ? CrossEntropyLoss() : try LossExpression.tripletLoss("TripletLoss(hardest: \(run))")
    let first = batch(1, ofDuplicates: !isLabelled)
    let forward = model.forward(first.tensors, Pass(.train))
    let dys = loss(forward.outputs, targets: first.targets, weights: first.weights).gradients
    let expected = try #require(golden["gradients"] as? [[NSNumber]]).map { $0.map(\.floatValue) }
    for ((gradient, weight), expected) in zip(zip(forward.backward(dys).weights, model.weights), expected) {
      check(gradient.dense(shape: weight.value.shape).values, expected, 1e-5, weight.name)
    }
    // The table is updated row by row, with the ids of both sides.
    var trainer = Trainer(model, optimizer: Adam(0.01), loss: loss, metrics: [])
    #expect(model.lookupTables == [0])
    let losses = (1...100).map { trainer.train(on: batch($0, ofDuplicates: !isLabelled)).loss }
    check(losses, try floats(golden["losses"]), 1e-5, "a loss")
    let last = try #require(golden["weights"] as? [[NSNumber]]).map { $0.map(\.floatValue) }
    for (weight, expected) in zip(trainer.model.weights, last) {
      check(weight.value.values, expected, 1e-5, weight.name)
    }
  }

  @Test func theTripletLossByHand() {
    // Row 0: positive 0.5, hardest 0.6 or, below it, 0.1; mean 0.35. Row 1: positive 0.9, others 0 and 0.2.
    let y = Tensor([[0.5, 0.6, 0.1], [0, 0.9, 0.2], [0.3, 0.3, 0.3]])
    let ones = Tensor([1, 1, 1])
    let any = TripletLoss()(y, targets: ones, weights: ones)
    #expect(abs(any.loss - (0.35 + 0.1 + 0.25 + 0.25) / 3) < 1e-6)
    let below = TripletLoss(hardest: .belowPositive)(y, targets: ones, weights: ones)
    #expect(abs(below.loss - (0 + 0.1 + 0.25 + 0.25) / 3) < 1e-6)
    // Of equals the first has the gradient; the mean's is shared.
    #expect(any.gradient.slice(axis: 0, 2..<3).values.map { ($0 * 6).rounded() } == [3, 1, -4])
    // A weight of 0 leaves the row out; a batch of one has no negatives.
    let weighted = TripletLoss()(y, targets: ones, weights: Tensor([0, 1, 0]))
    #expect(weighted.loss == 0 && weighted.gradient.values.allSatisfy { $0 == 0 })
    #expect(TripletLoss()(Tensor([[0.1]]), targets: Tensor([1]), weights: Tensor([1])).loss == 0)
    #expect(TripletLoss()(y, targets: ones, weights: Tensor([0, 0, 0])).loss == 0)
    #expect(PairAccuracy().counts(y, targets: ones, weights: ones) == [1, 3])
  }

  @Test func lossesArePrintedAndRead() throws {
    let text = "TripletLoss(margin: 0.5, hardest: below-positive)"
    #expect(try LossExpression.tripletLoss(text) == TripletLoss(margin: 0.5, hardest: .belowPositive))
    #expect(try LossExpression.tripletLoss(text).expression == text)
    #expect(TripletLoss().expression == "TripletLoss")
    #expect(throws: ExpressionError.self) { try LossExpression.tripletLoss("TripletLoss(hardest: easiest)") }
    #expect(throws: ExpressionError.self) { try LossExpression.tripletLoss("L2Loss") }
  }

  @Test func aRowOfZerosStaysOne() {
    let forward = Normalize().forward(Tensor([[0, 0], [3, 4]]))
    check(forward.output.values, [0, 0, 0.6, 0.8])
    #expect(forward.backward(Tensor([[1, 1], [1, 1]])).input.isFinite)
  }

  /// Evaluations put pairs at their own lengths, or leave batches as they are.
  @Test func evaluationsKeepTheSidesTogether() throws {
    let batches = (1...3).map { batch($0, ofDuplicates: false) }
    let model = try model(Self.logistic)
    let own = try EvalTask(batches).evaluate(model)
    let kept = try EvalTask(batches, keepsBatches: true).evaluate(model)
    #expect(abs(own.loss - kept.loss) < 1e-6)
    #expect(own.metrics == kept.metrics)
    let padded = Batch(
      inputs: Tensor([[1, 2, 0, 0]]), otherInputs: Tensor([[3, 0, 0]]), targets: Tensor([1]), weights: Tensor([1]))
    let plain = try self.model("Siamese[Embedding(13, 6) Mean Normalize] DotProduct Logistic")
    let expected = plain.forward([Tensor([[1, 2]]), Tensor([[3]])], Pass()).outputs[0].values[1]
    #expect(abs(try EvalTask([padded]).evaluate(plain).loss + expected) < 1e-6)
  }
}
