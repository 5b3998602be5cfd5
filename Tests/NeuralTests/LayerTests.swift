import Files
import Foundation
import Models
import Neural
import Random
import TestSupport
import Testing

/// What holds for every layer.
@Suite struct LayerTests {
  @Test func everyLayerOfTheCatalogueHasACase() {
    for usage in LayerExpression.usages {
      let name = usage.prefix { $0.isLetter }
      #expect(LayerCase.all.contains { $0.expression.contains(name) }, "\(name)")
    }
  }

  /// Files name weights by the word before the numbers of a printed name, whatever the types are called.
  @Test(arguments: LayerCase.all)
  func weightsAreNamedByTheWordThatALayerPrints(_ test: LayerCase) throws {
    for layer in try test.layer().layers where !layer.weights.isEmpty {
      #expect(layer.kind == layer.name.prefix { $0.isLetter })
    }
    #expect(Scan(GRUCell(2)).kind == "Scan")
  }

  /// The backward pass against the numerical gradient of `Σ y · r` for random r, over every element of every input and
  /// of every weight, in mode eval and with the chances of mode train.
  @Test(arguments: LayerCase.all, [Mode.eval, .train])
  func theBackwardPassIsTheGradient(_ test: LayerCase, _ mode: Mode) throws {
    var layer = try test.layer()
    var inputs = test.inputs()
    let pass = Pass(mode, key: RandomKey(4))
    let forward = layer.forward(inputs, pass)
    let directions = forward.outputs.map { Tensor(RandomKey(3).normal($0.count), shape: $0.shape) }
    let gradients = forward.backward(directions)

    func objective(_ layer: Serial, _ inputs: [Tensor]) -> Double {
      zip(layer.forward(inputs, pass).outputs, directions).reduce(0) { sum, pair in
        pair.0.zip(pair.1, *).values.reduce(sum) { $0 + Double($1) }
      }
    }
    func check(_ analytic: Float, _ what: String, _ move: (Float) -> Double) {
      let step: Float = 1 / 128
      let numerical = (move(step) - move(-step)) / Double(2 * step)
      #expect(
        abs(numerical - Double(analytic)) < 2e-3 * max(1, abs(numerical)), "\(what): \(analytic), not \(numerical)")
    }
    #expect(gradients.inputs.map(\.shape) == test.shapes)
    for place in inputs.indices where test.ids == nil && place != test.fixed {
      for index in 0..<inputs[place].count {
        check(gradients.inputs[place].values[index], "input \(place) at \(index)") { step in
          let value = inputs[place].values[index]
          inputs[place].withMutableValues { $0[index] = value + step }
          defer { inputs[place].withMutableValues { $0[index] = value } }
          return objective(layer, inputs)
        }
      }
    }
    #expect(gradients.weights.count == layer.weights.count)
    for (place, (name, weight)) in layer.weights.enumerated() {
      let gradient = gradients.weights[place].dense(shape: weight.shape)
      #expect(gradient.shape == weight.shape)
      for index in 0..<weight.count {
        check(gradient.values[index], "\(name) \(index)") { step in
          layer.add(step, at: index, of: place)
          defer { layer.set(weight, at: place) }
          return objective(layer, inputs)
        }
      }
    }
  }

  @Test(arguments: LayerCase.all)
  func initializeReturnsTheShapesOfTheOutputs(_ test: LayerCase) throws {
    var layer = try LayerExpression().model(test.expression)
    #expect(layer.inputCount == test.shapes.count)
    let shapes = try layer.initialize(test.shapes, key: RandomKey(1))
    #expect(shapes.count == layer.outputCount)
    for mode in Mode.allCases {
      #expect(layer.forward(test.inputs(), Pass(mode)).outputs.map(\.shape) == shapes)
      #expect(layer.forward(test.inputs(), Pass(mode)).state.count == layer.state.count)
    }
    #expect(try layer.outputShapes(test.shapes) == shapes)
    #expect(throws: LayerError.self) { try layer.outputShapes(test.shapes + [[1]]) }
  }

  @Test(arguments: LayerCase.all)
  func theSameKeyGivesTheSameWeights(_ test: LayerCase) throws {
    let (first, again, other) = (try test.layer(seed: 5), try test.layer(seed: 5), try test.layer(seed: 6))
    #expect(first.weights.map(\.value) == again.weights.map(\.value))
    #expect(first.weights.isEmpty || first.weights.map(\.value) != other.weights.map(\.value))
    #expect(Set(first.weights.map(\.name)).count == first.weights.count)
  }

  @Test(arguments: LayerCase.all)
  func aBatchIsItsItemsOneByOne(_ test: LayerCase) throws {
    let layer = try test.layer()
    let inputs = test.inputs()
    for mode in [Mode.eval, .train] where mode == .eval || !test.mixesInTraining {
      let whole = layer.forward(inputs, Pass(mode)).outputs
      for item in 0..<test.shapes[0][0] {
        let parts = layer.forward(inputs.map { $0.slice(axis: 0, item..<item + 1) }, Pass(mode)).outputs
        for (part, whole) in zip(parts, whole) {
          for (got, expected) in zip(part.values, whole.slice(axis: 0, item..<item + 1).values) {
            #expect(abs(got - expected) < 1e-5)
          }
        }
      }
    }
  }

  @Test(arguments: LayerCase.all)
  func anExpressionComesBack(_ test: LayerCase) throws {
    let layer = try LayerExpression().model(test.expression)
    #expect(try LayerExpression().model(layer.expression).expression == layer.expression)
    // A printed name leaves options out, as in Trax.
    guard !layer.name.contains("Select["), !layer.expression.contains(":") else { return }
    #expect(try LayerExpression().model(layer.name).name == layer.name)
  }

  /// Weights and state that go through a file come back, bit for bit, into the layer of the expression.
  @Test(arguments: LayerCase.all)
  func whatIsSavedComesBack(_ test: LayerCase) throws {
    var layer = try test.layer()
    layer.setState(layer.forward(test.inputs(), Pass(.train)).state)
    try inTemporaryFolder { folder in
      let file = "\(folder)/file.safetensors"
      try SafeTensors(metadata: ["layers": layer.expression], tensors: layer.weights + layer.state).write(
        to: OutputFile(file))

      let contents = try SafeTensors(contentsOf: file)
      var back = try LayerExpression().model(try #require(contents.metadata["layers"]))
      back.visitWeights { name, weight in weight = contents.tensor(name) ?? weight }
      back.visitState { name, _, state in state = contents.tensor(name) ?? state }
      #expect(try back.outputShapes(test.shapes) == layer.outputShapes(test.shapes))
      for mode in Mode.allCases {
        #expect(back.forward(test.inputs(), Pass(mode)).outputs == layer.forward(test.inputs(), Pass(mode)).outputs)
      }
    }
  }

  /// A sequence in one pass, and step by step in mode predict with the state handed on, give the same.
  @Test(arguments: ["GRU(3)", "GRU(3, convention: lab)", "LSTM(2)", "RNN(4)", "ShiftRight GRU(3) LSTM(2) Dense(2)"])
  func stepsInModePredictAreTheWhole(_ expression: String) throws {
    let test = LayerCase(expression, [2, 6, 3])
    var layer = try test.layer()
    let x = test.inputs()[0]
    let whole = layer.forward([x], Pass(.eval)).outputs[0]
    // In mode predict the caller feeds what ShiftRight would have moved.
    let moved = expression.hasPrefix("ShiftRight") ? ShiftRight().forward([x], Pass(.eval)).outputs[0] : x
    for step in 0..<6 {
      let forward = layer.forward([moved.slice(axis: 1, step..<step + 1)], Pass(.predict))
      layer.setState(forward.state)
      for (got, expected) in zip(forward.outputs[0].values, whole.slice(axis: 1, step..<step + 1).values) {
        #expect(abs(got - expected) < 1e-5)
      }
    }
  }

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

extension Serial {
  /// Adds to one number of the weight at `place` in the order of `visitWeights`.
  mutating func add(_ step: Float, at index: Int, of place: Int) {
    var current = 0
    visitWeights { _, weight in
      if current == place { weight.withMutableValues { $0[index] += step } }
      current += 1
    }
  }

  /// Replaces the weight at `place`.
  mutating func set(_ value: Tensor, at place: Int) {
    var current = 0
    visitWeights { _, weight in
      if current == place { weight = value }
      current += 1
    }
  }
}
