import Neural
import Random
import TestSupport
import Testing

@Suite struct BidirectionalTests {
  /// Outputs are those of two layers, each with its own weights and one from behind, within each row's length.
  @Test func itIsTwoLayers() throws {
    var both = Bidirectional(LSTM(3), isMasked: true)
    #expect(try both.initialize([[2, 4, 2], [2, 4]], key: RandomKey(1)) == [[2, 4, 6], [2, 4]])
    let kernels = both.weights.filter { $0.name.hasSuffix("kernel") }
    #expect(kernels.map(\.name) == ["0.LSTM.kernel", "1.LSTM.kernel"] && kernels[0].value != kernels[1].value)
    let x = Tensor(RandomKey(2).normal(16), shape: [2, 4, 2])
    let mask = Tensor([[1, 1, 1, 1], [1, 0, 1, 0]])
    let y = both.forward([x, mask], Pass()).outputs
    #expect(y[1] == mask)
    for (row, length) in [(0, 4), (1, 3)] {
      let steps = (0..<length).map { x.slice(axis: 0, row..<row + 1).slice(axis: 1, $0..<$0 + 1) }
      let ahead = both.layers[0].forward(Tensor.concatenate(steps, axis: 1)).output
      let back = both.layers[1].forward(Tensor.concatenate(steps.reversed(), axis: 1)).output
      for step in 0..<4 {
        let got = y[0].slice(axis: 0, row..<row + 1).slice(axis: 1, step..<step + 1)
        guard step < length else {
          #expect(got == Tensor(repeating: 0, shape: [1, 1, 6]))
          continue
        }
        let behind = length - 1 - step
        let expected = Tensor.concatenate([
          ahead.slice(axis: 1, step..<step + 1), back.slice(axis: 1, behind..<behind + 1),
        ])
        #expect(largestDifference(got, expected) < 1e-6)
      }
    }
  }

  /// It keeps nothing: every pass, in every mode, is one of whole sequences.
  @Test func nothingIsCarried() throws {
    var layer = try LayerExpression().model("Bidirectional[Serial[ShiftRight GRU(3)]]")
    _ = try layer.initialize([[2, 4, 2]], key: RandomKey(1))
    let x = Tensor(RandomKey(2).normal(16), shape: [2, 4, 2])
    let first = layer.forward([x], Pass(.train))
    #expect(first.state.isEmpty && layer.state.isEmpty)
    for pass in [Pass(.predict), Pass(.eval), Pass(.train, continues: true)] {
      #expect(layer.forward([x], pass).output == first.output)
    }
  }

  @Test func whatDoesNotFitIsAnError() throws {
    for wrong in ["Bidirectional", "Bidirectional[LSTM(2) LSTM(3)]", "MaskedBidirectional[Add]", "Bidirectional(3)"] {
      #expect(throws: ExpressionError.self, "\(wrong)") { try LayerExpression().model(wrong) }
    }
    for wrong in ["Bidirectional[Mean]", "Bidirectional[BatchNorm]", "Bidirectional[OneHot(2)]"] {
      #expect(throws: LayerError.self, "\(wrong)") { try LayerExpression().model(wrong).plan([[2, 3, 4]]) }
    }
    let masked = try LayerExpression().model("MaskedBidirectional[LSTM(2)]")
    #expect(throws: LayerError.self) { try masked.plan([[2, 3, 4], [2, 4]]) }
    #expect(throws: LayerError.self) { try masked.plan([[2, 3, 1 << 40], [2, 3]]) }
  }
}
