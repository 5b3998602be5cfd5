import CKernels
import Neural
import Random
import TestSupport
import Testing

/// The GRU whose products are taken together, against its scan, which goes step by step.
@Suite struct GRUTests {
  @Test(arguments: [[1, 1, 1], [2, 5, 3], [1, 7, 4], [3, 1, 2], [4, 9, 1]], [GRUCell.Convention.trax, .lab])
  func equalsItsScan(_ shape: [Int], _ convention: GRUCell.Convention) throws {
    try expectScan(shape, units: 3, convention, within: 1e-6)
  }

  /// With kernels whose panels are made once for all steps: of one block of the inner axis and of several, with a last
  /// panel that is not full, and with more rows than columns.
  @Test(arguments: [([32, 2, 5], 512), ([33, 3, 4], 700), ([512, 2, 3], 128), ([2048, 2, 1], 64)])
  func ofManyUnitsEqualsItsScan(_ shape: [Int], _ units: Int) throws {
    try expectScan(shape, units: units, .trax, within: 5e-6)
  }

  /// Panels, which a pass over several steps makes, give the bits of OpenBLAS, which a pass over one step asks; or
  /// OpenBLAS is asked there, too: where it sums up in another order, as without AVX-512, or by the size of a chunk.
  @Test(arguments: [(32, 512), (33, 700), (128, 300), (771, 128), (64, 390), (2048, 64), (130, 257), (100, 400)])
  func panelsDoNotChangeABit(_ batch: Int, _ units: Int) throws {
    var gru = GRU(units)
    _ = try gru.initialize([batch, 3, 1], key: RandomKey(1))
    gru.visitWeights { name, weight in
      let numbers = RandomKey(UInt64(name.count)).normal(weight.count)
      weight = Tensor(numbers.map { $0 / Float(units).squareRoot() }, shape: weight.shape)
    }
    let x = Tensor(RandomKey(2).normal(batch * 3), shape: [batch, 3, 1])
    let whole = gru.forward([x], Pass(.eval)).outputs[0]
    for step in 0..<3 {
      let part = gru.forward([x.slice(axis: 1, step..<step + 1)], Pass(.eval, continues: step > 0))
      gru.setState(part.state)
      #expect(part.outputs[0] == whole.slice(axis: 1, step..<step + 1))
    }
  }

  private func expectScan(
    _ shape: [Int], units: Int, _ convention: GRUCell.Convention, within most: Float
  ) throws {
    var gru = GRU(units, convention: convention)
    _ = try gru.initialize(shape, key: RandomKey(1))
    let size = (3 / Float(units)).squareRoot()
    gru.visitWeights { name, weight in
      let numbers = RandomKey(UInt64(name.count)).normal(weight.count)
      weight = Tensor(numbers.map { size * $0 }, shape: weight.shape)
    }
    let x = Tensor(RandomKey(2).normal(shape.reduce(1, *)), shape: shape)
    let dy = Tensor(RandomKey(3).normal(shape[0] * shape[1] * units), shape: [shape[0], shape[1], units])
    let start = Tensor(RandomKey(4).normal(shape[0] * units), shape: [shape[0], units])
    for (pass, start) in [
      (Pass(.eval), Tensor(repeating: 0, shape: start.shape)), (Pass(.train, continues: true), start),
    ] {
      gru.scan.carry = start
      let fast = gru.forward([x], pass)
      let plain = gru.scan.forward([x, start], pass)
      #expect(largestDifference(fast.outputs[0], plain.outputs[0]) < most)
      #expect(largestDifference(fast.state[0], plain.state[0]) < most)
      let (back, expected) = (fast.backward([dy]), plain.backward([dy, Tensor(repeating: 0, shape: start.shape)]))
      #expect(largestDifference(back.inputs[0], expected.inputs[0]) < 2 * most)
      for (gradient, expected) in zip(back.weights, expected.weights) {
        guard case (.dense(let gradient), .dense(let expected)) = (gradient, expected) else {
          Issue.record("the gradients are not dense")
          return
        }
        let largest = expected.values.reduce(1) { max($0, abs($1)) }
        #expect(largestDifference(gradient, expected) < 10 * most * largest)
      }
    }
  }

  /// Behind an embedding with fewer rows than there are ids, the inputs' products are made once for each row.
  @Test(arguments: [[3, 7], [1, 9], [8, 1]], [GRUCell.Convention.trax, .lab])
  func behindASmallEmbeddingItIsTheSame(_ shape: [Int], _ convention: GRUCell.Convention) throws {
    var layers = Serial([Embedding(6, 4), GRU(3, convention: convention), Dropout(0.5)])
    _ = try layers.initialize(shape, key: RandomKey(1))
    let ids = Tensor(RandomKey(2).uniform(shape[0] * shape[1], 0, 6).map { $0.rounded(.down) }, shape: shape)
    let dy = Tensor(RandomKey(3).normal(ids.count * 3), shape: shape + [3])
    let pass = Pass(.train, key: RandomKey(4))
    let (embedding, gru) = (layers.layers[0].forward([ids], pass), layers.layers[1])
    let (apart, together) = (gru.forward(embedding.outputs, pass), layers.forward([ids], pass))
    // The dropout draws as it would behind the two layers.
    let dropout = layers.layers[2].forward(apart.outputs, Pass(.train, key: RandomKey(4).fold(in: 2)))
    #expect(largestDifference(together.outputs[0], dropout.outputs[0]) < 1e-6)
    let back = apart.backward(dropout.backward([dy]).inputs)
    let expected = embedding.backward(back.inputs).weights + back.weights
    let gradients = together.backward([dy]).weights
    #expect(gradients.count == expected.count)
    for ((gradient, expected), weight) in zip(zip(gradients, expected), layers.weights) {
      let shape = weight.value.shape
      #expect(largestDifference(gradient.dense(shape: shape), expected.dense(shape: shape)) < 2e-6, "\(weight.name)")
    }
  }

  /// A sequence in one pass, and cut up into passes that continue each other, give the same in every mode.
  @Test(
    arguments: ["GRU(3)", "LSTM(2)", "RNN(4)", "ShiftRight GRU(3) Dense(2)", "ShiftRight(2) RNN(2)"],
    [Mode.train, .eval])
  func passesThatContinueAreTheWhole(_ expression: String, _ mode: Mode) throws {
    var layer = try LayerExpression().model(expression)
    _ = try layer.initialize([2, 7, 3], key: RandomKey(1))
    let x = Tensor(RandomKey(2).normal(2 * 7 * 3), shape: [2, 7, 3])
    let whole = layer.forward([x], Pass(mode)).outputs[0]
    var place = 0
    for length in [3, 2, 2] {
      let part = layer.forward([x.slice(axis: 1, place..<place + length)], Pass(mode, continues: place > 0))
      layer.setState(part.state)
      #expect(largestDifference(part.outputs[0], whole.slice(axis: 1, place..<place + length)) < 1e-6)
      place += length
    }
    // A pass that does not continue, or one of another batch, begins anew.
    let again = layer.forward([x], Pass(mode)).outputs[0]
    #expect(again == whole)
    let one = layer.forward([x.slice(axis: 0, 0..<1)], Pass(mode, continues: true)).outputs[0]
    #expect(largestDifference(one, whole.slice(axis: 0, 0..<1)) < 1e-6)
  }

  /// Each gate has an orthogonal matrix of its own for the state, and LeCun's numbers for the input.
  @Test(arguments: [GRUCell.Convention.trax, .lab]) func startsOrthogonal(_ convention: GRUCell.Convention) throws {
    let (depth, units) = (50, 40)
    var cell = GRUCell(units, convention: convention, start: .orthogonal)
    _ = try cell.initialize([[2, depth], [2, units]], key: RandomKey(1))
    let identity = Tensor(shape: [units, units]) { values in
      for index in values.indices { values[index] = index % (units + 1) == 0 ? 1 : 0 }
    }
    let (inputRow, stateRow) = convention == .trax ? (0, depth) : (units, 0)
    var states: [Tensor] = []
    for kernel in [cell.gates, cell.candidate] {
      let (input, state) = (
        kernel.slice(axis: 0, inputRow..<inputRow + depth), kernel.slice(axis: 0, stateRow..<stateRow + units)
      )
      let limit = (3 / Float(depth)).squareRoot()
      #expect(input.values.allSatisfy { abs($0) <= limit })
      let variance = input.values.reduce(0) { $0 + $1 * $1 } / Float(input.count)
      #expect(abs(variance * Float(depth) - 1) < 0.1)
      for start in stride(from: 0, to: kernel.depth, by: units) {
        let gate = state.slice(axis: 1, start..<start + units)
        #expect(largestDifference(gate.matmul(gate, transposeOther: true), identity) < 1e-5)
        states.append(gate)
      }
    }
    #expect(states.count == 3 && states[0] != states[1] && states[1] != states[2] && states[0] != states[2])
  }

  /// A step once leaked tensors that only pointers used: 40 MB, then 65 KB.
  @Test func stepsLeakNoTensors() throws {
    var gru = GRU(16)
    _ = try gru.initialize([3, 1, 4], key: RandomKey(1))
    let x = Tensor(RandomKey(2).normal(3 * 4), shape: [3, 1, 4])
    let dy = Tensor(RandomKey(3).normal(3 * 16), shape: [3, 1, 16])
    let before = living_arrays()
    for _ in 0..<3 {
      let forward = gru.forward([x], Pass(.train))
      #expect(living_arrays() > before)
      _ = forward.backward([dy])
    }
    #expect(living_arrays() == before)
  }
}
