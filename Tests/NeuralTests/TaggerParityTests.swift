import Foundation
import Neural
import Random
import Testing

/// Taggers of padded batches against JAX (`Tests/References/tagger_parity.py`): outputs, gradients, and 100 steps.
@Suite struct TaggerParityTests {
  static let models = [
    "lstm": "Embedding(40, 50) LSTM(50) Dense(17) LogSoftmax",
    "crf": "Branch[Embedding(40, 6) PaddingMask] MaskedBidirectional[LSTM(6)] Dense(17) MaskedCRF",
  ]

  @Test(arguments: models.keys.sorted())
  func equalsJAX(_ name: String) throws {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/taggers.json")
    let golden = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: [String: Any]])
    let run = try #require(golden[name])
    var model = try LayerExpression().model(Self.models[name]!)
    _ = try model.initialize([1, 2], key: RandomKey(0))
    var index: UInt64 = 100
    model.visitWeights { _, weight in
      weight = Tensor(RandomKey(index).normal(weight.count).map { 0.3 * $0 }, shape: weight.shape)
      index += 1
    }
    let batch = Self.batch(1)
    check(scores(model, batch), try floats(run["outputs"]), "outputs")

    let forward = model.forward([batch.inputs], Pass(.train))
    let (_, dy) = CrossEntropyLoss()(forward.output, targets: batch.targets, weights: batch.weights)
    let gradients = try #require(run["gradients"] as? [Any])
    #expect(gradients.count == model.weights.count)
    for (weight, (gradient, expected)) in zip(model.weights, zip(forward.backward(dy).weights, gradients)) {
      check(gradient.dense(shape: weight.value.shape), try floats(expected), "gradient of \(weight.name)")
    }

    var trainer = Trainer(model, optimizer: Adam(0.01))
    let losses = (1...100).map { trainer.train(on: Self.batch($0)).loss }
    check(Tensor(losses), try floats(run["losses"]), "losses")
    for (weight, expected) in zip(trainer.model.weights, try #require(run["weights"] as? [Any])) {
      check(weight.value, try floats(expected), weight.name)
    }
    // Sums of float32 in another order grow apart with the steps; the CRF's scores have large parts that cancel.
    check(
      scores(trainer.model, batch), try floats(run["outputs_after"]), "outputs after 100 steps",
      tolerance: name == "crf" ? 5e-5 : 1e-5)
  }

  /// The outputs, but for those of the CRF what goes into it.
  private func scores(_ model: Serial, _ batch: Batch) -> Tensor {
    Serial(model.layers.filter { $0.kind != "MaskedCRF" }).forward([batch.inputs], Pass()).output
  }

  private func floats(_ value: Any?) throws -> [Float] { try #require(value as? [NSNumber]).map(\.floatValue) }

  /// Of long arrays every 37th number is given.
  private func check(_ got: Tensor, _ expected: [Float], _ what: String, tolerance: Float = 1e-5) {
    let every = got.count <= 200 ? 1 : 37
    let got = stride(from: 0, to: got.count, by: every).map { got.values[$0] }
    #expect(got.count == expected.count, "\(what)")
    let size = max(1e-3, expected.map { abs($0) }.max() ?? 0)
    let largest = zip(got, expected).map { abs($0 - $1) / size }.max() ?? 0
    print("largest difference to JAX, \(what): \(largest)")
    #expect(largest < tolerance, "\(what)")
  }

  /// Eight rows of up to 12 ids, with padding; a tag depends on its id and on that before.
  private static func batch(_ step: Int) -> Batch {
    func ids(_ seed: Int, _ count: Int, _ bound: Float) -> [Int] {
      RandomKey(UInt64(seed)).uniform(count).map { Int($0 * bound) }
    }
    let (lengths, ids) = (ids(5000 + step, 8, 12), ids(6000 + step, 96, 39))
    var (x, targets, weights) = ([Float](), [Float](), [Float]())
    for index in 0..<96 {
      let (there, id) = (index % 12 <= lengths[index / 12], 1 + ids[index])
      let before = index % 12 == 0 ? 0 : 1 + ids[index - 1]
      x.append(there ? Float(id) : 0)
      targets.append(there ? Float((id + before % 2) % 17) : 0)
      weights.append(there ? 1 : 0)
    }
    let shape = [8, 12]
    return Batch(
      inputs: Tensor(x, shape: shape), targets: Tensor(targets, shape: shape), weights: Tensor(weights, shape: shape))
  }
}
