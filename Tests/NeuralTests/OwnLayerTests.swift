import Foundation
import Neural
import Random
import Testing

/// The article "Write your own layer": its code is `OwnLayer.swift`, which is compiled here.
@Suite struct OwnLayerTests {
  @Test func theArticleShowsTheCodeThatIsCompiled() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let article = tests.appendingPathComponent("../../Sources/Neural/Neural.docc/WriteYourOwnLayer.md")
    let code = try String(contentsOf: tests.appendingPathComponent("OwnLayer.swift"), encoding: .utf8)
    #expect(try String(contentsOf: article, encoding: .utf8).contains("```swift\n\(code)```"))
  }

  @Test func itLearnsInAModel() throws {
    var model = Serial([Embedding(100, 8), Mean(), Scale(), Dense(2), LogSoftmax()])
    _ = try model.initialize([16, 20], key: RandomKey(1))
    var trainer = Trainer(model, optimizer: Adam(0.01))
    #expect(model.weights.map(\.name).contains("2.Scale.scale"))
    let batch = Batch(
      inputs: Tensor([[1, 2], [3, 4]]), targets: Tensor([0, 1]), weights: Tensor(repeating: 1, shape: [2]))
    let first = trainer.train(on: batch).loss
    for _ in 0..<50 { _ = trainer.train(on: batch) }
    #expect(trainer.train(on: batch).loss < first / 2)
  }

  @Test func itsBackwardPassIsTheGradient() throws {
    var layer = Scale()
    layer.scale = Tensor([2, -3])
    let x = Tensor([[1, 4], [5, 6]])
    let forward = layer.forward(x)
    #expect(forward.output == Tensor([[2, -12], [10, -18]]))
    let gradients = forward.backward(Tensor([[1, 1], [1, 0]]))
    #expect(gradients.input == Tensor([[2, -3], [2, 0]]))
    #expect(gradients.weights[0].dense(shape: [2]) == Tensor([6, 4]))
    #expect(throws: LayerError.self) { try layer.outputShape([2, 3]) }
  }
}
