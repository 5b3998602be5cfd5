import Foundation
import Neural
import Testing

@Suite struct SquaredHingeTests {
  private struct Golden: Decodable {
    struct Run: Decodable {
      let margin: Float, shape: [Int], scores: [Float], targets: [Float], loss: Float, gradient: [Float]
    }

    let weights: [Float]
    let runs: [Run]
  }

  /// Of scores, and of their log probabilities, which differ as they do.
  @Test func lossesAndGradientsArePyTorchs() throws {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/squared-hinge.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    #expect(golden.runs.count == 4)
    for run in golden.runs {
      let scores = Tensor(run.scores, shape: run.shape)
      let forward = LogSoftmax().forward(scores)
      for isLog in [false, true] {
        let (loss, gradient) = SquaredHingeLoss(margin: run.margin)(
          isLog ? forward.output : scores, targets: Tensor(run.targets), weights: Tensor(golden.weights))
        let dScores = isLog ? forward.backward(gradient).input : gradient
        #expect(abs(loss - run.loss) < 1e-5 * run.loss)
        for (mine, expected) in zip(dScores.values, run.gradient) { #expect(abs(mine - expected) < 2e-6) }
      }
    }
  }

  @Test func whatIsRightByTheMarginHasNoGradient() {
    let y = Tensor([[1, 5], [3, 0]])
    let (loss, gradient) = SquaredHingeLoss()(y, targets: Tensor([1, 0]), weights: Tensor([1, 1]))
    #expect(loss == 0.0625)
    #expect(gradient.values == [0, 0, -0.125, 0.125])
    #expect(SquaredHingeLoss()(y, targets: Tensor([1, 0]), weights: Tensor([0, 0])).loss == 0)
  }

  @Test func expressionsAreReadAndPrinted() throws {
    #expect(try LossExpression.squaredHinge("SquaredHinge(margin: 2)") == SquaredHingeLoss(margin: 2))
    #expect(SquaredHingeLoss(margin: 2).expression == "SquaredHinge(margin: 2.0)")
    #expect(SquaredHingeLoss().expression == "SquaredHinge")
    #expect(throws: ExpressionError.self) { try LossExpression.squaredHinge("SquaredHinge(margin: 0)") }
  }
}
