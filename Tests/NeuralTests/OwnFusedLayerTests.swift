import Neural
import Random
import TestSupport
import Testing

/// The layer of CONTRIBUTING with a fused form of its own, `OwnFusedLayer.swift`, which is compiled here.
@Suite struct OwnFusedLayerTests {
  @Test(arguments: [[3, 5], [1, 1], [2, 7], [4, 0]])
  func theFusedFormIsTheTwoLayers(_ shape: [Int]) throws {
    var model = Serial([Embedding(6, 4), SumOverTime()])
    _ = try model.initialize(shape, key: RandomKey(1))
    #expect(model.layers[0].fused(with: model.layers[1], inputs: [shape]) is TableSum)

    let ids = Tensor(RandomKey(2).uniform(shape[0] * shape[1]).map { ($0 * 6).rounded(.down) }, shape: shape)
    let dy = Tensor(RandomKey(3).normal(shape[0] * 4), shape: [shape[0], 4])
    let (rows, both) = (model.layers[0].forward(ids), model.forward(ids))
    let sum = model.layers[1].forward(rows.output)
    #expect(both.output == sum.output && both.output.shape == [shape[0], 4])
    let expected = rows.backward(sum.backward(dy).input).weights
    let gradients = both.backward(dy).weights
    #expect(gradients.count == 1 && expected.count == 1)
    #expect(largestDifference(gradients[0].dense(shape: [6, 4]), expected[0].dense(shape: [6, 4])) < 1e-6)
  }

  @Test func theGradientIsThatOfTheSum() {
    let x = Tensor(RandomKey(1).normal(2 * 3 * 4), shape: [2, 3, 4])
    let dy = Tensor(RandomKey(2).normal(2 * 4), shape: [2, 4])
    let slope = gradient { (x: Variable) in x.sum(axis: 1) * Variable(dy) }
    #expect(largestDifference(SumOverTime().forward(x).backward(dy).input, slope(x)) < 1e-6)
  }

  @Test func onlySequencesOfVectorsAreTaken() {
    #expect(throws: LayerError.self) { try SumOverTime().outputShape([2, 3]) }
    let unfused = SumOverTime().fused(behind: Lookup(Tensor([[1, 2]])), ids: [2, 3, 4]) == nil
    #expect(unfused)
  }
}
