import Foundation
import Models
import Neural
import Random
import TestSupport
import Testing

@Suite struct CRFTests {
  /// A field over 3 tags with weights of a seed, scores of four rows of 4 steps, and their lengths.
  static let lengths = [4, 2, 0, 1]
  static func field() throws -> (crf: CRF, x: Tensor, mask: Tensor) {
    var crf = CRF(isMasked: true)
    _ = try crf.initialize([[4, 4, 3], [4, 4]], key: RandomKey(1))
    #expect(crf.weights.allSatisfy { $0.value.values.allSatisfy { abs($0) <= 0.1 } })
    crf.transitions = Tensor(RandomKey(2).normal(9), shape: [3, 3])
    (crf.start, crf.end) = (Tensor(RandomKey(3).normal(3)), Tensor(RandomKey(4).normal(3)))
    return (crf, Tensor(RandomKey(5).normal(48).map { 2 * $0 }, shape: [4, 4, 3]), mask(lengths, time: 4))
  }

  /// The chain's probabilities are those of the scores of all sequences: a row's scores and its sum of their powers.
  @Test func probabilitiesAreThoseOfAllSequences() throws {
    let (crf, x, mask) = try Self.field()
    let y = crf.forward([x, mask], Pass()).output
    for (row, length) in Self.lengths.enumerated() where length > 0 {
      func score(_ tags: [Int]) -> Double {
        var score = crf.start.values[tags[0]] + crf.end.values[tags[length - 1]]
        for (step, tag) in tags.enumerated() {
          score += x.values[(row * 4 + step) * 3 + tag]
          if step > 0 { score += crf.transitions.values[tags[step - 1] * 3 + tag] }
        }
        return Double(score)
      }
      let all = TagChainTests.sequences(length)
      let logSum = log(all.reduce(0) { $0 + exp(score($1)) })
      let chain = TagChain(y, row: row, length: length)
      for tags in all { #expect(abs(chain.logProbability(of: tags) - score(tags) + logSum) < 1e-5) }
      #expect(chain.best() == all.max { score($0) < score($1) })

      // The loss of the row is that of its tags, and the steps behind are not asked.
      let tags = all[all.count / 2]
      var targets = Tensor(repeating: 0, shape: [4, 4])
      targets.withMutableValues { for (step, tag) in tags.enumerated() { $0[row * 4 + step] = Float(tag) } }
      var weights = Tensor(repeating: 0, shape: [4, 4])
      weights.withMutableValues { for step in 0..<length { $0[row * 4 + step] = 1 } }
      let loss = CrossEntropyLoss()(y, targets: targets, weights: weights).loss
      #expect(abs(Double(loss) * Double(length) - logSum + score(tags)) < 1e-5)
      #expect(abs(LogPerplexity()(y, targets: targets, weights: weights) - loss) < 1e-6)
      // What is predicted is the best sequence, at every step and not given the target before.
      let right = zip(chain.best(), tags).count { $0 == $1 }
      #expect(Accuracy()(y, targets: targets, weights: weights) == Float(right) / Float(length))
      #expect(MaskedSequenceAccuracy()(y, targets: targets, weights: weights) == (right == length ? 1 : 0))
    }
    // A row of padding alone says nothing.
    #expect(y.slice(axis: 0, 2..<3).values.allSatisfy { abs($0 + logf(3)) < 1e-6 })
  }

  /// Of the targets' likelihood the gradient with respect to the scores is what is expected less what is there, and with
  /// respect to the transitions it is their expected number less the number there.
  @Test func theGradientOfTheLossIsExpectationLessObservation() throws {
    let (crf, x, mask) = try Self.field()
    let targets = Tensor([[1, 2, 2, 0], [0, 1, 0, 0], [0, 0, 0, 0], [2, 0, 0, 0]])
    let forward = crf.forward([x, mask], Pass())
    let (_, dy) = CrossEntropyLoss()(forward.output, targets: targets, weights: mask)
    let gradients = forward.backward(dy)
    var transitions = [Double](repeating: 0, count: 9)
    for (row, length) in Self.lengths.enumerated() {
      let chain = TagChain(forward.output, row: row, length: length)
      for step in 0..<4 {
        for tag in 0..<3 {
          let place = (row * 4 + step) * 3 + tag
          let observed = targets.values[row * 4 + step] == Float(tag) ? 1.0 : 0
          let expected = step < length ? (chain.marginals[step][tag] - observed) / 7 : 0
          #expect(abs(Double(gradients.input.values[place]) - expected) < 1e-6)
          guard 1..<max(length, 1) ~= step else { continue }
          for before in 0..<3 {
            transitions[before * 3 + tag] += chain.probability(of: [before, tag], at: step - 1) / 7
          }
        }
        guard 1..<max(length, 1) ~= step else { continue }
        let (before, tag) = (targets.values[row * 4 + step - 1], targets.values[row * 4 + step])
        transitions[Int(before * 3 + tag)] -= 1.0 / 7
      }
    }
    for (got, expected) in zip(gradients.weights[0].dense(shape: [3, 3]).values, transitions) {
      #expect(abs(Double(got) - expected) < 1e-6)
    }
  }

  /// Scores of any size, and rows of any length.
  @Test func itOverflowsNowhere() throws {
    var crf = CRF()
    _ = try crf.initialize([[1, 2000, 5]], key: RandomKey(1))
    crf.transitions = Tensor(RandomKey(2).normal(25).map { 20 * $0 }, shape: [5, 5])
    let x = Tensor(RandomKey(3).normal(10_000).map { 100 * $0 }, shape: [1, 2000, 5])
    let forward = crf.forward([x], Pass())
    #expect(forward.output.isFinite)
    forward.output.withValues { y in
      for row in stride(from: 0, to: y.count, by: 5) {
        #expect(abs(y[row..<row + 5].reduce(0) { $0 + expf($1) } - 1) < 1e-4)
      }
    }
    let back = forward.backward(Tensor(RandomKey(4).normal(50_000), shape: forward.output.shape))
    #expect(back.input.isFinite)
  }

  /// What a batch pads to changes nothing, in the outputs and in the gradients.
  @Test(arguments: [
    "Branch[Embedding(9, 4) PaddingMask] MaskedBidirectional[LSTM(3)] Dense(3) MaskedCRF",
    "Branch[Embedding(9, 4) PaddingMask] MaskedBidirectional[GRU(3)] MaskedBidirectional[GRU(2)] Dense(3) MaskedCRF",
    "Branch[Embedding(9, 4) PaddingMask] MaskedBidirectional[RNN(3)] Select(0, n_in: 2) Dense(3) LogSoftmax",
  ])
  func paddingChangesNothing(_ expression: String) throws {
    let layer = try LayerCase(expression, [1, 3], ids: 9).layer()
    let (short, long) = (Tensor([[3, 5, 1]]), Tensor([[3, 5, 1, 0, 0], [8, 8, 8, 2, 7]]))
    let (a, b) = (layer.forward(short), layer.forward(long))
    let cut = b.output.slice(axis: 0, 0..<1).slice(axis: 1, 0..<3)
    #expect(largestDifference(a.output, cut) < 1e-6)
    let (targets, weights) = (Tensor([[2, 0, 1]]), Tensor(repeating: 1, shape: [1, 3]))
    let padded = (Tensor([[2, 0, 1, 0, 0], [0, 0, 0, 0, 0]]), Tensor([[1, 1, 1, 0, 0], [0, 0, 0, 0, 0]]))
    let (lossA, dA) = CrossEntropyLoss()(a.output, targets: targets, weights: weights)
    let (lossB, dB) = CrossEntropyLoss()(b.output, targets: padded.0, weights: padded.1)
    #expect(abs(lossA - lossB) < 1e-6)
    for (weight, (a, b)) in zip(layer.weights, zip(a.backward(dA).weights, b.backward(dB).weights)) {
      let shape = weight.value.shape
      #expect(largestDifference(a.dense(shape: shape), b.dense(shape: shape)) < 1e-6, "\(weight.name)")
    }
  }

  @Test func aModelOfThemLooksAhead() throws {
    let crf = try LayerExpression().model("Embedding(9, 4) Dense(3) CRF").plan([[2, 3]])
    #expect(crf.outputs == [[2, 3, 3, 3]] && crf.logProbabilities == .chain && crf.mixesTime)
    for wrong in ["Mean Dense(3) CRF", "Dense(3) Dense(2) CRF MaskedCRF"] {
      #expect(throws: LayerError.self) {
        try LayerExpression().model("Embedding(9, 4) \(wrong)").plan([[2, 3], [2, 4]])
      }
    }
    #expect(
      throws: LayerError(
        "the model sees the id that it is to predict: it does not begin with ShiftRight, or looks ahead later")
    ) {
      try ModelSignature(
        LayerExpression().model("ShiftRight Embedding(9, 4) Bidirectional[GRU(3)] Dense(9) LogSoftmax"))
    }
  }
}
