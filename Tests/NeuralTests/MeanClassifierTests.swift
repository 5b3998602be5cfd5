import Neural
import Random
import TestSupport
import Testing

/// The classifier that is ready for many texts, against its layers.
@Suite struct MeanClassifierTests {
  @Test(arguments: [
    "Embedding(40, 7) Mean Dense(3) LogSoftmax", "Embedding(40, 256) Mean Dropout(0.5) Dense(2) LogSoftmax",
    "Embedding(40, 5) Dropout(0.1) Mean Dense(4, bias: false) LogSoftmax",
    "Serial(Embedding(40, 7) Mean) Serial(Dense(3) LogSoftmax)", "Embedding(40, 7) Mean Dense(3) LogSigmoid",
  ])
  func givesWhatTheLayersGive(_ expression: String) throws {
    var model = try LayerExpression().model(expression)
    _ = try model.initialize([1, 1], key: RandomKey(1))
    model.visitWeights { _, weight in
      weight = Tensor(RandomKey(UInt64(weight.count)).normal(weight.count).map { 0.3 * $0 }, shape: weight.shape)
    }
    let classifier = try #require(MeanClassifier(model))
    for ids in [[0], [39, 39, 39], Array(0..<40), [5, 100, -3, 7]] {
      let expected = model.forward(Tensor(ids.map { Float($0) }, shape: [1, ids.count])).output
      #expect(largestDifference(Tensor(classifier(ids), shape: expected.shape), expected) < 2e-6)
    }
  }

  @Test(arguments: [
    "Embedding(9, 4) Mean(axis: 2) Dense(2) LogSoftmax", "Embedding(9, 4) Mean Relu Dense(2) LogSoftmax",
    "Embedding(9, 4) Mean Dense(2)", "Embedding(9, 4) Mean Dense(2) LogSigmoid LogSoftmax",
    "Embedding(9, 4) Mean Dense(2) LogSoftmax(axis: 0)",
    "Branch(Embedding(9, 4) PaddingMask) MaskedMean Dense(2) LogSoftmax",
    "Embedding(9, 4) Mean(keepdims: true) Dense(2) LogSoftmax", "Embedding(9, 4) Dense(2) Mean LogSoftmax",
  ])
  func otherLayersAreRefused(_ expression: String) throws {
    let model = try LayerExpression().model(expression)
    #expect(MeanClassifier(model) == nil)
  }
}
