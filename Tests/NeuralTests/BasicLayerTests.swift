import Neural
import Random
import Testing

/// What holds for single layers of the folder Basic: their figures, chances and edges.
@Suite struct BasicLayerTests {
  @Test func paddingChangesNothingInAMaskedMean() throws {
    let test = LayerCase("Branch[Embedding(7, 4) PaddingMask] MaskedMean", [1, 3], ids: 7)
    let layer = try test.layer()
    let short = layer.forward(Tensor([[3, 5, 1]])).output
    let padded = layer.forward(Tensor([[3, 5, 1, 0, 0]])).output
    for (a, b) in zip(short.values, padded.values) { #expect(abs(a - b) < 1e-6) }
    #expect(layer.forward(Tensor([[0, 0]])).output == Tensor([[0, 0, 0, 0]]))
    let plain = try LayerExpression().model("Embedding(7, 4) Mean")
    #expect(plain.name == "Serial[Embedding_7_4 Mean]")
  }

  /// Several ids at a step are the sum of their rows; the id 0, and what is dropped, add nothing.
  @Test func idsOfOneStepAddUp() throws {
    var layers = try LayerExpression(vocabularySize: 6).model("EmbeddingSum(4, dropout: 0.5)")
    _ = try layers.initialize([[1, 2, 3]], key: RandomKey(1))
    #expect(layers.expression == "Serial(EmbeddingSum(6, 4, dropout: 0.5))" && layers.lookupTables == [0])
    let table = layers.weights[0].value.values
    let y = layers.forward(Tensor([2, 5, 0, 0, 0, 0], shape: [1, 2, 3])).output
    #expect(y.shape == [1, 2, 4] && y.values == (0..<4).map { table[8 + $0] + table[20 + $0] } + [0, 0, 0, 0])

    // Of a thousand ids about half are kept, and count twice.
    let ids = Tensor(repeating: 3, shape: [1000, 1])
    let forward = layers.forward([ids], Pass(.train, key: RandomKey(2)))
    guard case .rows(let rows, let values) = forward.backward([Tensor(repeating: 1, shape: [1000, 4])]).weights[0]
    else {
      Issue.record("the gradient is not one of rows")
      return
    }
    #expect(abs(rows.count - 500) < 80 && Set(rows) == [3] && values.values.allSatisfy { $0 == 2 })
    #expect(forward.output.values.count { $0 == 2 * table[12] } >= rows.count)
    for wrong in ["EmbeddingSum", "EmbeddingSum(4, 2, dropout: 1)", "EmbeddingSum(dropout: 0.5)"] {
      #expect(throws: ExpressionError.self, "\(wrong)") { try LayerExpression().model(wrong) }
    }
  }

  @Test func dropoutKeepsTheMeanAndFollowsItsKey() {
    let ones = [Tensor(repeating: 1, shape: [100, 100])]
    func drop(_ seed: UInt64, _ mode: Mode = .train) -> [Float] {
      Dropout(0.3).forward(ones, Pass(mode, key: RandomKey(seed))).outputs[0].values
    }
    #expect(drop(1, .eval) == ones[0].values && drop(1, .predict) == ones[0].values)
    #expect(drop(1) == drop(1) && drop(1) != drop(2))
    #expect(Set(drop(1)) == [0, 1 / 0.7])
    let mean: Float = drop(1).reduce(0, +) / 10_000
    #expect(abs(mean - 1) < 0.033)  // five standard deviations
  }

  @Test func batchNormRemembersItsBatches() throws {
    var layer = try LayerExpression().model("BatchNorm(momentum: 0.9)")
    _ = try layer.initialize([[2, 1]], key: RandomKey(1))
    let x = Tensor([[1], [3]])
    layer.setState(layer.forward([x], Pass(.train)).state)
    let state = layer.state.map(\.value.values[0])
    #expect(abs(state[0] - 0.2) < 1e-6 && abs(state[1] - 1) < 1e-6 && state[2] == 1)
    #expect(layer.forward([x], Pass(.eval)).state.map(\.values[0]) == state)
    let y = layer.forward([x], Pass(.eval)).outputs[0].values
    #expect(abs(y[0] - 0.8) < 1e-4 && abs(y[1] - 2.8) < 1e-4)
  }

  @Test func aUsersFunctionIsALayer() throws {
    let layer = Serial([
      Fn("Parts", outputCount: 2) { x in [x[0] * x[0], 3 * x[0]] },
      Fn("Product", inputCount: 2) { x in [x[0] * x[1]] },
    ])
    #expect(try layer.outputShapes([[2]]) == [[2]])
    let forward = layer.forward([Tensor([1, 2])], Pass())
    #expect(forward.outputs[0].values == [3, 24])
    #expect(forward.backward([Tensor([1, 1])]).inputs[0].values == [9, 36])
  }

  @Test func figuresOfTheTutorials() throws {
    let relu = Relu().forward(Tensor([[-2, -1, 0], [0, 1, 2]])).output
    #expect(relu == Tensor([[0, 0, 0], [0, 1, 2]]))
    let x = Tensor([[1, 2, 3], [4, 5, 6]])
    #expect(Mean(axis: 0).forward(x).output == Tensor([2.5, 3.5, 4.5]))
    #expect(Mean(axis: 1).forward(x).output == Tensor([2, 5]))

    var dense = Dense(10, useBias: false, kernelInitializer: randomNormal(0.1))
    let input = Tensor([[2, 7, 25]])
    _ = try dense.initialize([1, 3], key: RandomKey(0))
    let expected: [Float] = [
      -3.03954902, 0.92668049, 2.54147475, -2.05047275, -1.97693854, -2.58220855, -1.79527323, 0.94427462,
      -0.89803992, -3.74974843,
    ]
    for (got, expected) in zip(dense.forward(input).output.values, expected) {
      #expect(abs(got - expected) < 1e-5 * abs(expected))
    }
  }

  @Test func idsOutsideTheTableCountAsTheNearest() throws {
    var embedding = Embedding(3, 2)
    _ = try embedding.initialize([1, 4], key: RandomKey(1))
    let y = embedding.forward(Tensor([[-5, 0, 2, 99]])).output.values
    #expect(Array(y[0..<2]) == Array(y[2..<4]))
    #expect(Array(y[4..<6]) == Array(y[6..<8]))
  }

  @Test func logSoftmaxOverflowsNowhere() {
    let y = LogSoftmax().forward(Tensor([[1000, 0, -1000], [-5000, -5000, -5000]])).output
    #expect(y.values.allSatisfy { $0.isFinite })
    #expect(abs(y.values[3] + 1.0986123) < 1e-6 && y.values[0] == 0)
  }

  @Test func layersThatDoNotFitAreErrors() throws {
    var dense = Dense(2)
    #expect(throws: LayerError.self) { try dense.initialize([3], key: RandomKey(1)) }
    _ = try dense.initialize([1, 3], key: RandomKey(1))
    #expect(throws: LayerError.self) { try dense.outputShape([1, 4]) }
    #expect(throws: LayerError.self) { try Mean(axis: 2).outputShape([1, 1]) }
  }

  /// The mean behind an embedding is taken without the rows in between, and gives the same bits.
  @Test(arguments: [[1, 1, 1], [3, 5, 16], [16, 25, 70], [2, 3, 256]])
  func behindAnEmbeddingTheMeanIsTheSame(_ shape: [Int]) throws {
    var layers = Serial([Embedding(130, shape[2]), Mean()])
    _ = try layers.initialize([shape[0], shape[1]], key: RandomKey(1))
    // Ids beyond the table count as its last.
    let ids = Tensor(
      RandomKey(2).uniform(shape[0] * shape[1], -5, 140).map { $0.rounded(.down) }, shape: [shape[0], shape[1]])
    let dy = Tensor(RandomKey(3).normal(shape[0] * shape[2]), shape: [shape[0], shape[2]])
    let embedding = layers.layers[0].forward([ids], Pass())
    let mean = layers.layers[1].forward(embedding.outputs, Pass())
    let together = layers.forward([ids], Pass())
    #expect(together.outputs == mean.outputs)
    let expected = embedding.backward(mean.backward([dy]).inputs)
    let gradients = together.backward([dy])
    #expect(gradients.inputs == expected.inputs)
    #expect(
      gradients.weights[0].dense(shape: [130, shape[2]]) == expected.weights[0].dense(shape: [130, shape[2]]))
    guard case .rows(let rows, _) = gradients.weights[0] else {
      Issue.record("the gradient is not one of rows")
      return
    }
    #expect(rows == Set(rows).sorted())
  }
}
