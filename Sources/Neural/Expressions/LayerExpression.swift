/// Reads layer expressions: `Embedding(256) Mean Dense(2) LogSoftmax`, or what a model prints.
public struct LayerExpression {
  /// The number of rows of an `Embedding` that states its depth alone.
  let vocabularySize: Int?

  /// Reads expressions for a vocabulary of a size, if there is one.
  public init(vocabularySize: Int? = nil) { self.vocabularySize = vocabularySize }

  /// The model of an expression. Several layers, or one that is no Serial, become a Serial.
  /// - Throws: `ExpressionError` with the column and what is possible there.
  public func model(_ text: String) throws(ExpressionError) -> Serial {
    let calls = try Expression.calls(in: text)
    try Self.checkDepth(calls, calls.count == 1 && calls[0].name == "Serial" ? 0 : 1)
    let layers = try layers(calls)
    if layers.count == 1, let serial = layers[0] as? Serial { return serial }
    return Serial(layers)
  }

  /// How every layer is written.
  public static var usages: [String] { LayerExpression().catalogue.map(\.usage) }

  private typealias Entry = CatalogueEntry<any Layer>

  /// The most tensors that a layer takes or gives.
  static let mostTensors = 1024

  private func layers(_ calls: [Expression.Call]) throws(ExpressionError) -> [any Layer] {
    var layers: [any Layer] = []
    for call in calls {
      let layer = try Entry.make(call, from: catalogue, kind: "layer")
      let (inputs, outputs) = (layer.inputCount, layer.outputCount)
      guard call.inputs ?? inputs == inputs, call.outputs ?? outputs == outputs else {
        throw ExpressionError(
          column: call.column, "\(call.name) takes \(inputs) and gives \(outputs), which its name says otherwise")
      }
      guard max(inputs, outputs) <= Self.mostTensors else {
        throw ExpressionError(
          column: call.column,
          "\(call.name) takes \(inputs) tensors and gives \(outputs), but \(Self.mostTensors) are the most")
      }
      layers.append(layer)
    }
    return layers
  }

  /// Throws unless the layers, as they print, can be read again. A residual prints as the three layers that it is made of.
  private static func checkDepth(_ calls: [Expression.Call], _ depth: Int) throws(ExpressionError) {
    for call in calls {
      guard depth <= Expression.deepest else { throw Expression.tooDeep(column: call.column) }
      try checkDepth(call.calls, depth + (call.name == "Residual" ? 3 : 1))
    }
  }

  /// An axis from the first of eight to the last.
  private static func axis(_ arguments: Entry.Arguments) throws(ExpressionError) -> Int {
    try arguments.integer("axis", minimum: -8, maximum: 7)
  }

  /// The most ids, which travel as exact floats.
  static let mostIDs = 1 << 24

  /// A number of ids.
  private static func ids(_ arguments: Entry.Arguments, _ name: String) throws(ExpressionError) -> Int {
    try arguments.integer(name, maximum: mostIDs)
  }

  private var catalogue: [Entry] { plainLayers + sequenceLayers + combinators }

  private var plainLayers: [Entry] {
    [
      .init(
        name: "BatchNorm",
        parameters: [.init("momentum", "\(BatchNorm().momentum)"), .init("eps", "\(BatchNorm().eps)")]
      ) { arguments throws(ExpressionError) in
        BatchNorm(
          momentum: Float(try arguments.number("momentum", .share)), eps: Float(try arguments.number("eps", .positive)))
      },
      .init(name: "Dense", parameters: [.init("units"), .init("bias", "true")]) { arguments throws(ExpressionError) in
        Dense(try arguments.integer("units"), useBias: try arguments.truth("bias"))
      },
      .init(name: "Dropout", parameters: [.init("rate", "0")]) { arguments throws(ExpressionError) in
        Dropout(Float(try arguments.number("rate", .belowOne)))
      },
      // With one argument, that is the depth: the vocabulary is known.
      .init(
        name: "Embedding", parameters: [.init("vocabulary", "0"), .init("depth", "0")],
        form: "Embedding(depth) or Embedding(vocabulary, depth)"
      ) { arguments throws(ExpressionError) in
        let call = arguments.call
        guard !call.arguments.isEmpty else { throw ExpressionError(column: call.column, "Embedding needs its depth") }
        if call.arguments.count == 1, call.arguments[0].label != "vocabulary" {
          guard let vocabularySize else {
            throw ExpressionError(column: call.column, "without a vocabulary file, write Embedding(vocabulary, depth)")
          }
          guard vocabularySize <= Self.mostIDs else {
            throw ExpressionError(
              column: call.column, "the vocabulary has \(vocabularySize) ids, but at most \(Self.mostIDs) are possible")
          }
          return Embedding(vocabularySize, try arguments.integer(call.arguments[0].label ?? "vocabulary"))
        }
        return Embedding(try Self.ids(arguments, "vocabulary"), try arguments.integer("depth"))
      },
      .init(name: "LayerNorm", parameters: [.init("eps", "\(LayerNorm().eps)")]) { arguments throws(ExpressionError) in
        LayerNorm(eps: Float(try arguments.number("eps", .positive)))
      },
      .init(name: "LogSoftmax", parameters: [.init("axis", "-1")]) { arguments throws(ExpressionError) in
        LogSoftmax(axis: try Self.axis(arguments))
      },
      .init(name: "MaskedMean", parameters: []) { _ in MaskedMean() },
      .init(name: "Mean", parameters: [.init("axis", "1"), .init("keepdims", "false")]) {
        arguments throws(ExpressionError) in
        Mean(axis: try Self.axis(arguments), keepsDimensions: try arguments.truth("keepdims"))
      },
      .init(name: "OneHot", parameters: [.init("categories")]) { arguments throws(ExpressionError) in
        OneHot(try Self.ids(arguments, "categories"))
      },
      .init(name: "PaddingMask", parameters: []) { _ in PaddingMask() },
      .init(name: "Relu", parameters: []) { _ in Relu() },
      .init(name: "Sigmoid", parameters: []) { _ in Sigmoid() },
      .init(name: "Softmax", parameters: [.init("axis", "-1")]) { arguments throws(ExpressionError) in
        Softmax(axis: try Self.axis(arguments))
      },
      .init(name: "Tanh", parameters: []) { _ in Tanh() },
    ]
  }

  private var sequenceLayers: [Entry] {
    let convention = Entry.Parameter("convention", GRUCell.Convention.trax.rawValue)
    let activation = Entry.Parameter("activation", RNNCell.Activation.tanh.rawValue)
    return [
      .init(name: "GRU", parameters: [.init("units"), convention]) { arguments throws(ExpressionError) in
        GRU(try arguments.integer("units"), convention: try arguments.choice("convention", of: ["trax", "lab"]))
      },
      .init(name: "GRUCell", parameters: [.init("units"), convention]) { arguments throws(ExpressionError) in
        GRUCell(try arguments.integer("units"), convention: try arguments.choice("convention", of: ["trax", "lab"]))
      },
      .init(name: "LSTM", parameters: [.init("units")]) { arguments throws(ExpressionError) in
        LSTM(try arguments.integer("units"))
      },
      .init(name: "LSTMCell", parameters: [.init("units"), .init("forget_bias", "1")]) {
        arguments throws(ExpressionError) in
        LSTMCell(try arguments.integer("units"), forgetBias: Float(try arguments.number("forget_bias", .any)))
      },
      .init(name: "RNN", parameters: [.init("units"), activation]) { arguments throws(ExpressionError) in
        RNN(try arguments.integer("units"), activation: try arguments.choice("activation", of: ["tanh", "sigmoid"]))
      },
      .init(name: "RNNCell", parameters: [.init("units"), activation]) { arguments throws(ExpressionError) in
        RNNCell(
          try arguments.integer("units"), activation: try arguments.choice("activation", of: ["tanh", "sigmoid"]))
      },
      .init(name: "Scan", parameters: [], takesCalls: true) { arguments throws(ExpressionError) in
        let layers = try layers(arguments.call.calls)
        guard layers.count == 1, layers[0].inputCount == 2, layers[0].outputCount == 2 else {
          throw ExpressionError(column: arguments.call.column, "Scan holds one cell of input and state")
        }
        return Scan(layers[0])
      },
      .init(name: "ShiftRight", parameters: [.init("steps", "1")]) { arguments throws(ExpressionError) in
        ShiftRight(try arguments.integer("steps"))
      },
    ]
  }

  private var combinators: [Entry] {
    [
      .init(name: "Add", parameters: []) { _ in Add() },
      .init(name: "Branch", parameters: [], takesCalls: true) { arguments throws(ExpressionError) in
        Branch(try layers(arguments.call.calls))
      },
      .init(name: "Concatenate", parameters: [.init("n_items", "2"), .init("axis", "-1")]) {
        arguments throws(ExpressionError) in
        Concatenate(try arguments.integer("n_items", maximum: Self.mostTensors), axis: try Self.axis(arguments))
      },
      .init(name: "Drop", parameters: []) { _ in Select.drop },
      .init(name: "Dup", parameters: []) { _ in Select.dup },
      .init(name: "Parallel", parameters: [], takesCalls: true) { arguments throws(ExpressionError) in
        Parallel(try layers(arguments.call.calls))
      },
      .init(name: "Residual", parameters: [], takesCalls: true) { arguments throws(ExpressionError) in
        residual(try layers(arguments.call.calls))
      },
      .init(name: "Select", parameters: [.init("n_in", "0")], takesList: true, form: "Select(index, index, …, n_in: 0)")
      {
        arguments throws(ExpressionError) in
        let indices = try arguments.list(maximum: Self.mostTensors - 1)
        let count = try arguments.integer("n_in", minimum: 0, maximum: Self.mostTensors)
        return Select(indices, inputCount: count)
      },
      .init(name: "Serial", parameters: [], takesCalls: true) { arguments throws(ExpressionError) in
        Serial(try layers(arguments.call.calls))
      },
      .init(name: "Swap", parameters: []) { _ in Select.swap },
    ]
  }
}
