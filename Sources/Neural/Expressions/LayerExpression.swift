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
    try Self.checkDepth(calls, calls.count == 1 && calls[0].name == Serial.entry.name ? 0 : 1)
    let layers = try layers(calls)
    return layers.count == 1 ? layers[0].serial : Serial(layers)
  }

  /// How every layer is written.
  public static var usages: [String] { catalogue.map(\.usage) }

  /// All that expressions can call. A new layer has its declaration in its own file, and a line here.
  private static let catalogue: [CatalogueEntry<any Layer>] = [
    BatchNorm.entry,
    CRF.entry,
    Dense.entry,
    DotProduct.entry,
    Dropout.entry,
    Embedding.entry,
    EmbeddingSum.entry,
    TfIdf.entry,
    LayerNorm.entry,
    LogSigmoid.entry,
    LogSoftmax.entry,
    Logistic.entry,
    CRF.maskedEntry,
    MaskedMean.entry,
    Mean.entry,
    Normalize.entry,
    OneHot.entry,
    PaddingMask.entry,
    Relu.entry,
    Sigmoid.entry,
    SkipGram.entry,
    Softmax.entry,
    Tanh.entry,

    Bidirectional.entry,
    GRU.entry,
    GRUCell.entry,
    LSTM.entry,
    LSTMCell.entry,
    Bidirectional.maskedEntry,
    RNN.entry,
    RNNCell.entry,
    ScanExpression.entry,
    ShiftRight.entry,

    Add.entry,
    Branch.entry,
    Concatenate.entry,
    Select.entry(.drop),
    Select.entry(.dup),
    Parallel.entry,
    Residual.entry,
    Select.entry,
    Serial.entry,
    Siamese.entry,
    Select.entry(.swap),
  ]

  /// The most tensors that a layer takes or gives.
  static let mostTensors = 1024

  /// How many ids a layer may take, which travel as exact floats.
  static let possibleIDCounts = 1...1 << 24

  /// The layers of calls.
  func layers(_ calls: [Expression.Call]) throws(ExpressionError) -> [any Layer] {
    var layers: [any Layer] = []
    for call in calls {
      let layer = try CatalogueEntry.make(call, from: Self.catalogue, kind: "layer", vocabularySize: vocabularySize)
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

  /// Throws unless the layers, as they print, can be read again.
  private static func checkDepth(_ calls: [Expression.Call], _ depth: Int) throws(ExpressionError) {
    for call in calls {
      guard depth <= Expression.deepest else { throw Expression.tooDeep(column: call.column) }
      let own = catalogue.first { $0.name == call.name }?.depth ?? 0
      try checkDepth(call.calls, depth + max(own, 1))
    }
  }
}
