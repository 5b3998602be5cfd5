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

  /// The catalogue as text: how every layer is written, and what it is, a line each.
  public static var listing: String { CatalogueEntry.listing(catalogue) }

  /// All that expressions can call. A new layer has its declaration in its own file, and a line here.
  private static let catalogue: [CatalogueEntry<any Layer>] = [
    BatchNorm.entry.described("every depth at mean 0 and variance 1 over the batch"),
    CRF.entry.described("a chain of tags: each given the one before"),
    Dense.entry.described("a fully connected layer"),
    DotProduct.entry.described("the dot product of two rows; behind Normalize the cosine"),
    Dropout.entry.described("numbers dropped at random in training"),
    Embedding.entry.described("a row of a table for every id"),
    EmbeddingSum.entry.described("the sum of the rows of several ids in one place"),
    TfIdf.entry.described("a linear function of a text's different ids, weighted by tf-idf"),
    LayerNorm.entry.described("every row at mean 0 and variance 1"),
    LogSigmoid.entry.described("log probabilities of classes that are there each by itself"),
    LogSoftmax.entry.described("log probabilities from scores"),
    Logistic.entry.described("log probabilities of no and yes for a score"),
    CRF.maskedEntry.described("CRF with a mask that says where rows end"),
    MaskedMean.entry.described("the mean over the steps that a mask lets count"),
    Mean.entry.described("the mean over an axis"),
    Normalize.entry.described("every row at length 1"),
    OneHot.entry.described("a 1 at the id's place and 0 elsewhere"),
    PaddingMask.entry.described("1 for ids, 0 for padding"),
    Relu.entry.described("max(x, 0)"),
    Sigmoid.entry.described("the logistic function"),
    SkipGram.entry.described("whether words stand near a word, for word vectors"),
    Softmax.entry.described("probabilities from scores"),
    Tanh.entry.described("the hyperbolic tangent"),

    Bidirectional.entry.described("a layer over the sequence, and one of its kind from its end"),
    GRU.entry.described("a gated recurrent unit over a sequence"),
    GRUCell.entry.described("one step of a GRU, for Scan"),
    LSTM.entry.described("a long short-term memory over a sequence"),
    LSTMCell.entry.described("one step of an LSTM, for Scan"),
    Bidirectional.maskedEntry.described("Bidirectional with a mask that says where rows end"),
    RNN.entry.described("a plain recurrent network over a sequence"),
    RNNCell.entry.described("one step of an RNN, for Scan"),
    ScanExpression.entry.described("a cell at every step of a sequence"),
    ShiftRight.entry.described("the sequence some steps later, zeros first: a language model begins so"),

    Add.entry.described("the sum of two tensors"),
    Branch.entry.described("layers that all work on the same inputs"),
    Concatenate.entry.described("tensors one after the other along an axis"),
    Select.entry(.drop).described("without the topmost tensor"),
    Select.entry(.dup).described("the topmost tensor twice"),
    Parallel.entry.described("layers side by side, each on tensors of its own"),
    Residual.entry.described("what comes in and what layers make of it, added"),
    Select.entry.described("copies, drops and reorders the topmost tensors"),
    Serial.entry.described("layers one after the other"),
    Siamese.entry.described("layers with one set of weights on each of two sides"),
    Select.entry(.swap).described("the two topmost tensors in the other order"),
  ]

  /// The most tensors that a layer takes or gives.
  static let mostTensors = 1024

  /// How many ids a layer may take, which travel as exact floats.
  public static let possibleIDCounts = 1...1 << 24

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
