import Neural
import Testing

/// Visits of weights and state, which every step of a training makes.
@Suite struct WeightVisitTests {
  /// A combinator whose layers are computed has once copied every table in every step: 0.4 s a step instead of 0.02 s
  /// with 280,000 rows of 256 in a `Siamese`.
  @Test(arguments: LayerCase.all)
  func weightsChangeInPlace(_ test: LayerCase) throws {
    var layer = try test.layer()
    #expect(addressesOfWeights(&layer) == addressesOfWeights(&layer))
    #expect(addressesOfState(&layer) == addressesOfState(&layer))
  }

  /// Where the numbers of weights lie after a write to each.
  private func addressesOfWeights(_ layer: inout Serial) -> [UnsafeMutablePointer<Float>?] {
    var addresses: [UnsafeMutablePointer<Float>?] = []
    layer.visitWeights { _, weight in addresses.append(weight.withMutableValues { $0.baseAddress }) }
    return addresses
  }

  private func addressesOfState(_ layer: inout Serial) -> [UnsafeMutablePointer<Float>?] {
    var addresses: [UnsafeMutablePointer<Float>?] = []
    layer.visitState { _, _, state in addresses.append(state.withMutableValues { $0.baseAddress }) }
    return addresses
  }
}
