import Neural
import Random
import Testing

/// A row of the table of ids that does not learn.
@Suite struct FixedRowTests {
  @Test(arguments: [
    "Adam(0.1)", "Adam(0.1, lazy: true)", "SGD(0.1)", "Momentum(0.1)", "RMSProp(0.1)", "Adafactor", "SM3(0.1)",
  ])
  func aRowOfZeroStaysZero(_ optimizer: String) throws {
    for layers in ["Embedding(5, 3) Mean Dense(2) LogSoftmax", "Embedding(5, 3) GRU(4) Mean Dense(2) LogSoftmax"] {
      func table(fixedID: Int?) throws -> [Float] {
        var model = try LayerExpression().model(layers)
        _ = try model.initialize([1, 1], key: RandomKey(1))
        model.visitWeights { name, weight in
          guard name.hasSuffix("table") else { return }
          weight.withMutableValues { for index in 6..<9 { $0[index] = 0 } }
        }
        var trainer = Trainer(model, optimizer: try OptimizerExpression.optimizer(optimizer), fixedID: fixedID)
        for step in 0..<12 {
          let batch = Batch(
            inputs: Tensor([[2, 2, Float(step % 3), 4]]), targets: Tensor([Float(step % 2)]), weights: Tensor([1]))
          _ = trainer.train(on: batch)
        }
        return trainer.model.weights[0].value.values
      }
      let (fixed, free) = (try table(fixedID: 2), try table(fixedID: nil))
      #expect(fixed[6..<9].allSatisfy { $0 == 0 })
      #expect(free[6..<9].allSatisfy { $0 != 0 })
      #expect(fixed[12...].allSatisfy { $0 != 0 } && fixed[12...] != free[12...])
    }
  }
}
