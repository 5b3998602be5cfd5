import Foundation
import Neural
import Random
import Testing

/// Whole runs against other implementations.
@Suite struct ParityTests {
  func golden(_ file: String) throws -> [String: Any] {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/\(file)")
    return try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
  }

  func floats(_ value: Any?) throws -> [Float] { try #require(value as? [NSNumber]).map(\.floatValue) }

  /// The GRU steps of the course's NumPy lab (`Tests/References/gru_lab.py`).
  @Test func theGRUOfTheLab() throws {
    let lab = try golden("gru-lab.json")
    var cell = GRUCell(16, convention: .lab)
    cell.gates = Tensor(try floats(lab["gates"]), shape: [144, 32])
    cell.gatesBias = Tensor(try floats(lab["gatesBias"]))
    cell.candidate = Tensor(try floats(lab["candidate"]), shape: [144, 16])
    cell.candidateBias = Tensor(try floats(lab["candidateBias"]))
    let xs = try #require(lab["x"] as? [[NSNumber]]).map { $0.map(\.floatValue) }
    #expect(try cell.outputShapes([[1, 128], [1, 16]]) == [[1, 16], [1, 16]])

    let zeros = Tensor(repeating: 0, shape: [1, 16])
    let step = cell.forward([Tensor([xs[1]]), zeros], Pass()).outputs[0].values
    let expected: [Float] = [
      0.977779014, -0.99798624, -0.519958083, -0.999999886, -0.999707004, -0.000302197037, -0.958733503, 0.0210804828,
      0.0000977365398, 0.99983309, 0.0000000163200940, 0.851874303, 0.0521399924, 0.0215495959, 0.999878828,
      0.977165472,
    ]
    for (got, expected) in zip(step, expected) { #expect(abs(got - expected) < 1e-5) }

    // The same as a scan over time.
    let scan = Scan(cell).forward([Tensor(xs.flatMap { $0 }, shape: [1, 8, 128]), zeros], Pass())
    let states = try #require(lab["states"] as? [[NSNumber]]).flatMap { $0.map(\.floatValue) }
    for (got, expected) in zip(scan.outputs[0].values, states) { #expect(abs(got - expected) < 1e-5) }
    #expect(scan.outputs[1].values == Array(scan.outputs[0].values.suffix(16)))
  }

  /// The loss curves of JAX, step by step (`Tests/References/training_parity.py`).
  @Test(arguments: ["classifier", "language_model"])
  func lossCurvesEqualJAXs(_ run: String) throws {
    let isClassifier = run == "classifier"
    let expression =
      isClassifier
      ? "Embedding(50, 16) Mean Dense(2) LogSoftmax"
      : "ShiftRight Embedding(11, 32) GRU(32) GRU(32) Dense(11) LogSoftmax"
    var model = try LayerExpression().model(expression)
    _ = try model.initialize([1, 2], key: RandomKey(0))
    var index: UInt64 = 100
    model.visitWeights { _, weight in
      weight = Tensor(RandomKey(index).normal(weight.count).map { 0.3 * $0 }, shape: weight.shape)
      index += 1
    }
    var trainer = Trainer(model, optimizer: Adam(isClassifier ? 0.01 : 0.003))
    let losses = try floats(try golden("training.json")[run])
    #expect(losses.count == 200)
    var largest: Float = 0
    for step in 1...200 {
      let loss = trainer.train(on: isClassifier ? classifierBatch(step) : languageBatch(step)).loss
      largest = max(largest, abs(loss - losses[step - 1]))
    }
    #expect(largest < 1e-3, "the losses differ by \(largest)")
    let (first, last) = (losses.prefix(20).reduce(0, +), losses.suffix(20).reduce(0, +))
    #expect(last < 0.9 * first)
  }

  private func ids(_ seed: Int, _ count: Int, _ bound: Float) -> [Int] {
    RandomKey(UInt64(seed)).uniform(count).map { Int($0 * bound) }
  }

  private func classifierBatch(_ step: Int) -> Batch {
    let ids = ids(2000 + step, 16 * 9, 50)
    return Batch(
      inputs: Tensor(ids.map { Float($0) }, shape: [16, 9]),
      targets: Tensor((0..<16).map { ids[9 * $0] % 2 + ids[9 * $0 + 1] % 2 > 1 ? 1 : 0 }),
      weights: Tensor((0..<16).map { $0 < 14 ? 1 : 0 }))
  }

  private func languageBatch(_ step: Int) -> Batch {
    let (starts, strides) = (ids(3000 + step, 8, 7), ids(4000 + step, 8, 2))
    var rows: [Float] = []
    var weights: [Float] = []
    for row in 0..<8 {
      for time in 0..<12 {
        rows.append(Float((starts[row] + time * (1 + strides[row])) % 11))
        weights.append(time < 11 ? 1 : 0)
      }
    }
    let x = Tensor(rows, shape: [8, 12])
    return Batch(inputs: x, targets: x, weights: Tensor(weights, shape: [8, 12]))
  }
}
