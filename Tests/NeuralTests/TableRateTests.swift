import Neural
import Random
import Testing

/// A learning rate of its own for the first table of ids.
@Suite struct TableRateTests {
  static let layers = ["Embedding(6, 3) Mean Dense(2) LogSoftmax", "Dense(4) Dense(2) LogSoftmax"]

  func trained(
    _ layers: String, _ optimizer: String, rate: Double, clip: Float? = nil, steps: Int = 9
  ) throws -> [Tensor] {
    var model = try LayerExpression().model(layers)
    _ = try model.initialize([1, 3], key: RandomKey(1))
    var trainer = Trainer(
      model, optimizer: try OptimizerExpression.optimizer(optimizer), clipNorm: clip, tableRate: rate)
    for step in 0..<steps {
      _ = trainer.train(
        on: Batch(
          inputs: Tensor([[1, Float(step % 3), 4]]), targets: Tensor([Float(step % 2)]), weights: Tensor([1])))
    }
    return trainer.model.weights.map(\.value)
  }

  static let optimizers = [
    "Adam(0.1)", "Adam(0.1, lazy: true)", "SGD(0.1)", "Momentum(0.1)", "RMSProp(0.1)", "Adafactor", "SM3(0.1)",
  ]

  @Test(arguments: optimizers)
  func aFrozenTableStaysAsItIsAndTheRestLearns(_ optimizer: String) throws {
    let (first, frozen) = (
      try trained(Self.layers[0], optimizer, rate: 0, steps: 0), try trained(Self.layers[0], optimizer, rate: 0)
    )
    #expect(frozen[0] == first[0])
    #expect(frozen[1] != first[1])
  }

  /// A rate of 1 is none, and layers without a table do not see it.
  @Test(arguments: optimizers)
  func whereThereIsNoTableNothingChanges(_ optimizer: String) throws {
    #expect(try trained(Self.layers[1], optimizer, rate: 0) == trained(Self.layers[1], optimizer, rate: 1))
    #expect(try trained(Self.layers[0], optimizer, rate: 0.5)[0] != trained(Self.layers[0], optimizer, rate: 1)[0])
  }

  /// After one step nothing else has changed, so that the table moves by the share.
  @Test(arguments: ["SGD(0.1)", "Adam(0.1, weight_decay: 0.0)", "Adam(0.1, weight_decay: 0.0, lazy: true)"])
  func aStepOfTheTableIsTheShareOfTheOtherStep(_ optimizer: String) throws {
    let first = try trained(Self.layers[0], optimizer, rate: 1, steps: 0)
    let (whole, share) = (
      try trained(Self.layers[0], optimizer, rate: 1, steps: 1),
      try trained(Self.layers[0], optimizer, rate: 0.25, steps: 1)
    )
    for (index, value) in first[0].values.enumerated() {
      let moved = (whole[0].values[index] - value, share[0].values[index] - value)
      #expect(abs(0.25 * moved.0 - moved.1) < 1e-6)
    }
    #expect(whole[1] == share[1])
  }

  /// The gradient of what does not learn has no part in the norm.
  @Test func clippingSeesOnlyWhatLearns() throws {
    let first = try trained(Self.layers[0], "SGD(1)", rate: 0, clip: 1e-3, steps: 0)
    let frozen = try trained(Self.layers[0], "SGD(1)", rate: 0, clip: 1e-3, steps: 1)
    let moves = zip(first, frozen).flatMap { zip($0.values, $1.values).map { Double($0) - Double($1) } }
    #expect(abs(moves.reduce(0) { $0 + $1 * $1 }.squareRoot() - 1e-3) < 1e-6)
  }
}
