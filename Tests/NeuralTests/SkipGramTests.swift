import Foundation
import Neural
import Random
import Testing

/// Skip-gram with negative sampling against PyTorch (`Tests/References/skip_gram.py`).
@Suite struct SkipGramTests {
  static let ids = 23, words = 11, depth = 5, rows = 6, runs = 4, others = 7

  func golden() throws -> [String: Any] {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/skip-gram.json")
    return try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
  }

  func floats(_ value: Any?) throws -> [Float] { try #require(value as? [NSNumber]).map(\.floatValue) }

  func model() throws -> Serial {
    var model = try LayerExpression().model("SkipGram(\(Self.ids), \(Self.depth), words: \(Self.words))")
    _ = try model.initialize([[1, 1], [1, 1]], key: RandomKey(0))
    var seed = 1.0
    model.visitWeights { _, weight in
      weight = Tensor((0..<weight.count).map { Float(0.6 * sin(0.7 * Double($0) + seed)) }, shape: weight.shape)
      seed += 1
    }
    return model
  }

  func batch(_ step: Int) -> Batch {
    var (words, others, targets, weights) = ([Float](), [Float](), [Float](), [Float]())
    for row in 0..<Self.rows {
      for run in 0..<Self.runs {
        let isThere = run <= (row + step) % Self.runs
        words.append(isThere ? Float(1 + (3 * step + 5 * row + 7 * run) % (Self.ids - 1)) : 0)
      }
      for place in 0..<Self.others {
        let isThere = place <= (2 * row + step) % Self.others
        others.append(isThere ? Float(1 + (step + 2 * row + 3 * place) % (Self.words - 1)) : 0)
        targets.append(isThere && place < 2 ? 1 : 0)
        weights.append(isThere ? row < 5 ? 1 : 0.5 : 0)
      }
    }
    let shape = [Self.rows, Self.others]
    return Batch(
      inputs: Tensor(words, shape: [Self.rows, Self.runs]), otherInputs: Tensor(others, shape: shape),
      targets: Tensor(targets, shape: shape), weights: Tensor(weights, shape: shape))
  }

  /// Sums of a few products in another order.
  func check(_ got: [Float], _ expected: [Float], _ what: String) {
    #expect(got.count == expected.count)
    let largest = zip(got, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(largest < 2e-6, "\(what) differs by \(largest)")
  }

  @Test func outputsLossAndGradientsEqualPyTorchs() throws {
    let (golden, model, batch) = (try golden(), try model(), batch(1))
    let forward = model.forward(batch.tensors, Pass(.train))
    check(forward.output.values, try floats(golden["log_probabilities"]), "the output")
    let (loss, dy) = CrossEntropyLoss()(forward.output, targets: batch.targets, weights: batch.weights)
    check([loss], [try #require(golden["loss"] as? NSNumber).floatValue], "the loss")
    let expected = try #require(golden["gradients"] as? [[NSNumber]]).map { $0.map(\.floatValue) }
    for ((gradient, weight), expected) in zip(zip(forward.backward(dy).weights, model.weights), expected) {
      check(gradient.dense(shape: weight.value.shape).values, expected, weight.name)
    }
  }

  /// Both tables are updated row by row, each with rows of its own.
  @Test func sixtyStepsOfAdamEqualPyTorchs() throws {
    let golden = try golden()
    let model = try model()
    #expect(model.lookupTables == [0, 1] && model.idTable == 0)
    var trainer = Trainer(model, optimizer: Adam(0.01, weightDecay: 0), metrics: [])
    let losses = (1...60).map { trainer.train(on: batch($0)).loss }
    check(losses, try floats(golden["losses"]), "a loss")
    let last = try #require(golden["weights"] as? [[NSNumber]]).map { $0.map(\.floatValue) }
    for (weight, expected) in zip(trainer.model.weights, last) {
      let largest = zip(weight.value.values, expected).map { abs($0 - $1) }.max() ?? 1
      #expect(largest < 2e-5, "\(weight.name) differs by \(largest)")
    }
  }

  @Test func paddingSaysAndLearnsNothing() throws {
    let model = try model()
    let forward = model.forward([Tensor([[3, 0, 0], [0, 0, 0]]), Tensor([[0, 4], [0, 0]])], Pass(.train))
    let half = logf(0.5)
    let y = forward.output.values
    #expect(y[0...1].allSatisfy { abs($0 - half) < 1e-7 } && y[4...].allSatisfy { abs($0 - half) < 1e-7 })
    #expect(abs(y[3] - half) > 1e-3)
    for gradient in forward.backward(Tensor(repeating: 1, shape: [2, 2, 2])).weights {
      guard case .rows(let rows, _) = gradient else {
        Issue.record("a dense gradient")
        continue
      }
      #expect(!rows.contains(0) && rows.count == 1)
    }
  }
}
