import Neural
import Random
import Testing

/// The GRU whose products are taken together, against its scan, which goes step by step.
@Suite struct GRUTests {
  @Test(arguments: [[1, 1, 1], [2, 5, 3], [1, 7, 4], [3, 1, 2], [4, 9, 1]], [GRUCell.Convention.trax, .lab])
  func equalsItsScan(_ shape: [Int], _ convention: GRUCell.Convention) throws {
    var gru = GRU(3, convention: convention)
    _ = try gru.initialize(shape, key: RandomKey(1))
    gru.visitWeights { name, weight in
      weight = Tensor(RandomKey(UInt64(name.count)).normal(weight.count), shape: weight.shape)
    }
    let x = Tensor(RandomKey(2).normal(shape.reduce(1, *)), shape: shape)
    let dy = Tensor(RandomKey(3).normal(shape[0] * shape[1] * 3), shape: [shape[0], shape[1], 3])
    let start = Tensor(RandomKey(4).normal(shape[0] * 3), shape: [shape[0], 3])
    for (pass, start) in [
      (Pass(.eval), Tensor(repeating: 0, shape: start.shape)), (Pass(.train, continues: true), start),
    ] {
      gru.scan.carry = start
      let fast = gru.forward([x], pass)
      let plain = gru.scan.forward([x, start], pass)
      #expect(largestDifference(fast.outputs[0], plain.outputs[0]) < 1e-6)
      #expect(largestDifference(fast.state[0], plain.state[0]) < 1e-6)
      let (back, expected) = (fast.back([dy]), plain.back([dy, Tensor(repeating: 0, shape: start.shape)]))
      #expect(largestDifference(back.inputs[0], expected.inputs[0]) < 2e-6)
      for (gradient, expected) in zip(back.weights, expected.weights) {
        guard case (.dense(let gradient), .dense(let expected)) = (gradient, expected) else {
          return #expect(Bool(false))
        }
        #expect(largestDifference(gradient, expected) < 1e-5)
      }
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

  /// A step once leaked tensors that only pointers used: 40 MB, then 65 KB.
  @Test func stepsLeakNoTensors() throws {
    var gru = GRU(512)
    _ = try gru.initialize([32, 1, 4], key: RandomKey(1))
    let x = Tensor(RandomKey(2).normal(32 * 4), shape: [32, 1, 4])
    let dy = Tensor(RandomKey(3).normal(32 * 512), shape: [32, 1, 512])
    func step() { _ = gru.forward([x], Pass(.train)).back([dy]) }
    for _ in 0..<20 { step() }
    let before = residentMegabytes()
    for _ in 0..<1000 { step() }
    #expect(residentMegabytes() - before < 30)
  }
}

/// The largest absolute difference of two tensors of one shape.
func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
  precondition(a.shape == b.shape, "the shapes \(a.shape) and \(b.shape) differ")
  return zip(a.values, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
