import Foundation
import Neural
import Random
import TestSupport
import Testing

/// The Swift code of README and of the articles in `Sources/Neural/Neural.docc`, as it stands there, and what it says
/// of itself. A test of the articles finds every block of theirs in a test file.
@Suite struct ArticleTests {
  /// README.
  @Test func theSlopeOfAFunction() {
    let slope = gradient { (x: Variable) in 3 * x * x + x }
    let value = slope(Tensor([2])).values  // [13.0], which is 6 x + 1
    #expect(value == [13])
  }

  /// `Neural.md`.
  @Test func aModelIsTrainedInFiveLines() throws {
    let batch = Batch(
      inputs: Tensor([[1, 2], [3, 4]]), targets: Tensor([0, 1]), weights: Tensor(repeating: 1, shape: [2]))
    var model = try LayerExpression(vocabularySize: 9088).model("Embedding(256) Mean Dense(2) LogSoftmax")
    _ = try model.initialize([1, 1], key: RandomKey(1))
    var trainer = Trainer(model, optimizer: Adam(0.01))
    let (loss, counts) = trainer.train(on: batch)  // counts: what the metrics count, of which they are made
    #expect(abs(loss - 0.69) < 0.05 && counts.count == 2 && counts[1] == 2)
    #expect(trainer.train(on: batch).loss < loss)
  }

  /// `EmbeddingMeanClassifier.md`.
  @Test func aMeanClassifierByHand() throws {
    var model = Serial([Embedding(5, 3), Mean(), Dense(2), LogSoftmax()])
    _ = try model.initialize([1, 3], key: RandomKey(1))
    let weights = model.weights.map(\.value.values)
    let (table, kernel, bias) = (weights[0], weights[1], weights[2])

    let ids = [2, 4, 4]
    let mean = (0..<3).map { d in ids.reduce(0) { $0 + table[3 * $1 + d] } / Float(ids.count) }
    let z = (0..<2).map { c in bias[c] + (0..<3).reduce(0) { $0 + mean[$1] * kernel[2 * $1 + c] } }
    let logProbabilities = z.map { $0 - log(exp(z[0]) + exp(z[1])) }

    let forward = model.forward(Tensor([2, 4, 4], shape: [1, 3]))  // forward.output is logProbabilities
    #expect(largestDifference(forward.output, Tensor(logProbabilities, shape: [1, 2])) < 1e-6)

    let (loss, dOutput) = CrossEntropyLoss()(forward.output, targets: Tensor([1]), weights: Tensor([1]))
    let gradients = forward.backward(dOutput).weights

    let dz = [exp(logProbabilities[0]), exp(logProbabilities[1]) - 1]
    let dMean = (0..<3).map { d in dz[0] * kernel[2 * d] + dz[1] * kernel[2 * d + 1] }
    let dRow2 = dMean.map { $0 / 3 }  // row 4 has twice that, the others nothing

    #expect(abs(loss + logProbabilities[1]) < 1e-6)
    var expected = [Float](repeating: 0, count: 15)
    for d in 0..<3 { (expected[6 + d], expected[12 + d]) = (dRow2[d], 2 * dRow2[d]) }
    #expect(largestDifference(gradients[0].dense(shape: [5, 3]), Tensor(expected, shape: [5, 3])) < 1e-6)
    #expect(largestDifference(gradients[2].dense(shape: [2]), Tensor(dz)) < 1e-6)
  }

  /// `AdamStepByStep.md`.
  @Test func adamByHand() {
    let adam = Adam(0.1, weightDecay: 0)
    var weight = Tensor([1])
    var slots = adam.slots(for: weight)
    var (w, m, v): (Float, Float, Float) = (1, 0, 0)
    for step in 1...3 {
      adam.update(&weight, .dense(weight.map { 2 * $0 }), slots: &slots, step: step, learningRate: 0.1)

      let (g, t) = (2 * w, Float(step))
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      w -= 0.1 * (m / (1 - pow(0.9, t))) / ((v / (1 - pow(0.999, t))).squareRoot() + 1e-5)
    }
    // weight.values[0] is w: 0.9, 0.8004…, 0.7015…
    #expect(abs(weight.values[0] - w) < 1e-5)
    #expect(abs(w - 0.7015) < 1e-4)
  }

  /// `GRUAndScan.md`.
  @Test func aGRUIsItsCellStepByStep() throws {
    var cell = GRUCell(3)
    _ = try cell.initialize([[2, 4], [2, 3]], key: RandomKey(1))
    var gru = GRU(3)
    _ = try gru.initialize([2, 5, 4], key: RandomKey(1))

    let xs = Tensor(RandomKey(2).normal(2 * 5 * 4), shape: [2, 5, 4])
    var h = Tensor(repeating: 0, shape: [2, 3])
    for t in 0..<5 {
      let x = xs.slice(axis: 1, t..<t + 1).reshaped([2, 4])
      h = cell.forward([x, h], Pass()).outputs[1]
    }
    let ys = gru.forward(xs).output  // ys[:, 4, :] is h
    #expect(largestDifference(ys.slice(axis: 1, 4..<5).reshaped([2, 3]), h) < 1e-6)
    #expect(h.values.contains { abs($0) > 1e-3 })

    let forward = Scan(cell).forward([xs, Tensor(repeating: 0, shape: [2, 3])], Pass())
    let (outputs, last) = (forward.outputs[0], forward.outputs[1])
    #expect(last == h)
    #expect(largestDifference(outputs, ys) < 1e-6)
  }
}
