import Models
import Neural
import Random
import TestSupport
import Testing

/// Models put together at random: what a signature lets through runs with every batch, forth and back, and traps
/// nowhere.
@Suite struct RandomModelTests {
  /// Draws layers from the numbers of a key.
  struct Generator {
    private let numbers: [Float]
    private var next = 0

    init(_ seed: Int) { numbers = RandomKey(UInt64(seed)).uniform(64, 0, 1) }

    mutating func draw(_ count: Int) -> Int {
      next += 1
      return min(Int(numbers[next % numbers.count] * Float(count)), count - 1)
    }

    mutating func pick(_ words: [String]) -> String { words[draw(words.count)] }

    mutating func layers(_ depth: Int) -> String {
      (0...draw(depth > 0 ? 4 : 2)).map { _ in layer(depth) }.joined(separator: " ")
    }

    mutating func layer(_ depth: Int) -> String {
      let plain = [
        "Add", "BatchNorm", "Concatenate", "Concatenate(axis: \(draw(5) - 2))", "Concatenate(3)",
        "Dense(\(1 + draw(4)))",
        "Drop", "Dropout(0.5)", "Dup", "Embedding(5, \(1 + draw(4)))", "GRU(4)", "GRUCell(3)", "LayerNorm", "LSTM(2)",
        "LogSoftmax(axis: \(draw(5) - 2))", "MaskedMean", "Mean", "Mean(axis: \(draw(5) - 2), keepdims: true)",
        "OneHot(4)",
        "PaddingMask", "RNN(3)", "Relu", "Select(\(draw(3)), \(draw(2)))", "Select(1, n_in: 3)", "ShiftRight",
        "ShiftRight(2)", "Softmax(axis: \(draw(5) - 2))", "Swap", "Tanh",
      ]
      guard depth > 0, draw(3) == 0 else { return pick(plain) }
      let inner = layers(depth - 1)
      switch draw(5) {
      case 0: return "Branch(\(inner))"
      case 1: return "Parallel(\(inner))"
      case 2: return "Residual(\(inner))"
      case 3: return "Dup Mean Swap Scan(Parallel(Serial(\(inner)) Serial(\(layer(0))))) Swap Drop"
      default: return "Serial(\(inner))"
      }
    }

    mutating func model() -> String {
      let start = pick([
        "Embedding(5, 4)", "OneHot(5)", "Branch(Embedding(5, 4) PaddingMask)", "ShiftRight Embedding(5, 4)",
      ])
      let end = pick([
        "Mean Dense(2) LogSoftmax", "MaskedMean Dense(2) LogSoftmax", "Dense(5) LogSoftmax", "LogSoftmax",
      ])
      return "\(start) \(layers(2)) \(end)"
    }
  }

  @Test(arguments: 0..<20)
  func whatASignatureLetsThroughRuns(_ part: Int) throws {
    var accepted = 0
    for seed in 0..<400 {
      var generator = Generator(part * 1000 + seed)
      let expression = generator.model()
      guard var layers = try? LayerExpression().model(expression), let signature = try? ModelSignature(layers) else {
        continue
      }
      accepted += 1
      _ = try layers.initialize([1, 1], key: RandomKey(1))
      for shape in [[1, 1], [2, 5], [4, 2], [1, 7]] {
        let ids = Tensor((0..<shape[0] * shape[1]).map { Float($0 % 5) }, shape: shape)
        for mode in Mode.allCases {
          let forward = layers.forward([ids], Pass(mode))
          let y = forward.outputs[0]
          #expect(y.shape == shape.prefix(signature.isSequence ? 2 : 1) + [signature.classes], "\(expression)")
          let gradients = forward.backward([Tensor(repeating: 1, shape: y.shape)])
          #expect(gradients.weights.count == layers.weights.count, "\(expression)")
          layers.setState(forward.state)
        }
      }
      // A row gives alone what it gives in a batch, and a language model does not look ahead.
      layers.forgetCarry()
      let ids = Tensor((0..<20).map { Float($0 * 7 % 5) }, shape: [4, 5])
      let whole = layers.forward([ids], Pass(.eval)).outputs[0]
      let row = layers.forward([ids.slice(axis: 0, 2..<3)], Pass(.eval)).outputs[0]
      #expect(largestDifference(row, whole.slice(axis: 0, 2..<3)) < 1e-4, "\(expression)")
      guard signature.kind == .languageModel else { continue }
      let beginning = layers.forward([ids.slice(axis: 1, 0..<3)], Pass(.eval)).outputs[0]
      #expect(largestDifference(beginning, whole.slice(axis: 1, 0..<3)) < 1e-4, "\(expression)")
    }
    #expect(accepted > 3)
  }
}
