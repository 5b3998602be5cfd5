import Neural
import Random
import Testing

/// What holds for every layer.
@Suite struct LayerTests {
  @Test func everyLayerOfTheCatalogueHasACase() {
    for usage in LayerExpression.usages {
      let name = usage.prefix { $0.isLetter }
      #expect(LayerCase.all.contains { $0.expression.contains(name) }, "\(name)")
    }
  }

  /// The way back against the numerical gradient of `Σ y · r` for random r, over every element of the input and of every
  /// weight.
  @Test(arguments: LayerCase.all)
  func theWayBackIsTheGradient(_ test: LayerCase) throws {
    var layer = try test.layer()
    var x = test.input()
    let forward = layer.forward(x)
    let direction = Tensor(RandomKey(3).normal(forward.output.count), shape: forward.output.shape)
    let gradients = forward.back(direction)

    func objective(_ layer: Serial, _ x: Tensor) -> Double {
      let products = layer.forward(x).output.zip(direction) { $0 * $1 }
      return products.values.reduce(0) { $0 + Double($1) }
    }
    func check(_ analytic: Float, _ what: String, _ move: (Float) -> Double) {
      let step: Float = 1 / 128
      let numerical = (move(step) - move(-step)) / Double(2 * step)
      #expect(
        abs(numerical - Double(analytic)) < 2e-3 * max(1, abs(numerical)), "\(what): \(analytic), not \(numerical)")
    }
    #expect(gradients.input.shape == x.shape)
    for index in 0..<x.count where test.ids == nil {
      check(gradients.input.values[index], "input \(index)") { step in
        let value = x.values[index]
        x.withMutableValues { $0[index] = value + step }
        defer { x.withMutableValues { $0[index] = value } }
        return objective(layer, x)
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
          return objective(layer, x)
        }
      }
    }
  }

  @Test(arguments: LayerCase.all)
  func initializeForetellsTheShapeOfTheOutput(_ test: LayerCase) throws {
    var layer = try LayerExpression().model(test.expression)
    let shape = try layer.initialize(test.shape, key: RandomKey(1))
    #expect(layer.forward(test.input()).output.shape == shape)
    #expect(try layer.outputShape(test.shape) == shape)
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
    let x = test.input()
    let size = x.count / test.shape[0]
    let whole = layer.forward(x).output
    for item in 0..<test.shape[0] {
      let part = Tensor(Array(x.values[item * size..<(item + 1) * size]), shape: [1] + test.shape.dropFirst())
      let y = layer.forward(part).output
      for (index, value) in y.values.enumerated() {
        #expect(abs(value - whole.values[item * y.count + index]) < 1e-5)
      }
    }
  }

  @Test(arguments: LayerCase.all)
  func anExpressionComesBack(_ test: LayerCase) throws {
    let layer = try LayerExpression().model(test.expression)
    #expect(try LayerExpression().model(layer.expression).expression == layer.expression)
    #expect(try LayerExpression().model(layer.name).name == layer.name)
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
