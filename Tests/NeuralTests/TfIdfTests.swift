import Foundation
import Neural
import Random
import Testing

@Suite struct TfIdfTests {
  private struct Golden: Decodable {
    let rows: Int, depth: Int, words: Int
    let fitted: [[Int]], others: [[Int]]
    let table: [Float], bias: [Float], outputs: [Float]
  }

  /// The ids of texts, filled up with padding.
  private func ids(_ texts: [[Int]]) -> Tensor {
    let longest = texts.map(\.count).max() ?? 1
    return Tensor(
      texts.flatMap { $0.map { Float($0) } + [Float](repeating: 0, count: longest - $0.count) },
      shape: [texts.count, longest])
  }

  /// Counted in two batches, and used as it is and in its form for inference.
  @Test func outputsAreThoseOfScikitLearn() throws {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/tfidf.json")
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: url))
    var layer = TfIdf(golden.rows, golden.depth, words: golden.words)
    _ = try layer.initialize([[1, 1]], key: RandomKey(1))
    layer.table = Tensor(golden.table, shape: [golden.rows, golden.depth])
    layer.bias = Tensor(golden.bias)
    for batch in [golden.fitted.prefix(7), golden.fitted.dropFirst(7)] {
      layer.setState(layer.forward([ids(Array(batch))], Pass(.train)).state)
    }
    #expect(layer.texts == Tensor([20]))
    for layer: any Layer in [layer, try layer.specialized(for: Inference())] {
      let y = layer.forward([ids(golden.others)], Pass()).output
      #expect(y.shape == [golden.others.count, golden.depth])
      for (mine, expected) in zip(y.values, golden.outputs) { #expect(abs(mine - expected) < 2e-6) }
    }
  }

  @Test func passesThatDoNotLearnCountNothing() throws {
    var layer = TfIdf(4, 2)
    _ = try layer.initialize([[1, 1]], key: RandomKey(1))
    #expect(layer.forward([Tensor([[1, 2]])], Pass(.eval)).state == [Tensor([0, 0, 0, 0]), Tensor([0])])
    #expect(layer.forward([Tensor([[1, 1]])], Pass(.train)).state == [Tensor([0, 1, 0, 0]), Tensor([1])])
  }

  @Test func expressionsSayWhereTheGroupsPart() throws {
    let read = LayerExpression(vocabularySize: 9)
    #expect(try read.model("TfIdf(2, words: 5)").expression == "Serial(TfIdf(9, 2, words: 5))")
    #expect(try read.model("TfIdf(2)").expression == "Serial(TfIdf(9, 2))")
    for wrong in ["TfIdf", "TfIdf(2, words: 10)", "TfIdf(words: 3)"] {
      #expect(throws: ExpressionError.self, "\(wrong)") { try read.model(wrong) }
    }
  }
}
