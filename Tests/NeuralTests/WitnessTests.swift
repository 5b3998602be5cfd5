import Neural
import Testing

/// Every layer's own backward pass against the tape of `gradient(of:)`, for which the layer's formula is written once
/// more.
@Suite struct WitnessTests {
  /// Layers whose gradient is zero, or one of chance that `Dropout`'s own test looks at.
  static let exempt: Set = ["Drop", "Dropout", "OneHot", "PaddingMask"]

  @Test func everyLayerHasAWitness() {
    for usage in LayerExpression.usages {
      let name = String(usage.prefix { $0.isLetter })
      #expect(
        Self.exempt.contains(name) || LayerCase.all.contains { $0.expression.contains(name) && $0.formula != nil },
        "\(name)")
    }
  }

  @Test(arguments: LayerCase.all.filter { $0.formula != nil })
  func theTapeAgrees(_ test: LayerCase) throws {
    let layer = try test.layer()
    let forward = layer.forward(test.inputs(), Pass(.train))
    let seeds = forward.outputs.enumerated().map { place, output in output.map { $0 * $0 + Float(place) } }
    let gradients = forward.backward(seeds)

    let x = test.inputs().map { Variable($0) }
    let w = layer.weights.map { Variable($0.value) }
    let formula = try #require(test.formula)
    let outputs = formula(x, w)
    #expect(outputs.count == forward.outputs.count)
    var sum: Variable = 0
    for (place, output) in outputs.enumerated() {
      expectClose(forward.outputs[place], output.value, "output \(place)")
      sum = sum + (output * Variable(seeds[place])).sum()
    }
    let witness = sum.gradients(of: x + w, seed: 1)
    for place in x.indices where test.ids == nil && place != test.fixed {
      expectClose(gradients.inputs[place], witness[place].value, "gradient of input \(place)")
    }
    for place in w.indices {
      let gradient = gradients.weights[place].dense(shape: w[place].shape)
      expectClose(gradient, witness[x.count + place].value, "gradient of weight \(place)")
    }
  }

  private func expectClose(_ a: Tensor, _ b: Tensor, _ what: String) {
    #expect(a.shape == b.shape, "\(what)")
    let size = max(1, b.values.map { abs($0) }.max() ?? 0)
    #expect(zip(a.values, b.values).allSatisfy { abs($0 - $1) < 2e-5 * size }, "\(what)")
  }
}
