/// Reads layer expressions: `Embedding(256) Mean Dense(2) LogSoftmax`, or what a model prints.
public struct LayerExpression {
  /// The number of rows of an `Embedding` that states its depth alone.
  let vocabularySize: Int?

  /// Reads expressions for a vocabulary of a size, if there is one.
  public init(vocabularySize: Int? = nil) { self.vocabularySize = vocabularySize }

  /// The model of an expression. Several layers, or one that is no Serial, become a Serial.
  /// - Throws: `ExpressionError` with the column and what is possible there.
  public func model(_ text: String) throws(ExpressionError) -> Serial {
    let layers = try layers(Expression.calls(in: text))
    if layers.count == 1, let serial = layers[0] as? Serial { return serial }
    return Serial(layers)
  }

  /// How every layer is written.
  public static var usages: [String] { LayerExpression().catalogue.map(\.usage) }

  private func layers(_ calls: [Expression.Call]) throws(ExpressionError) -> [any Layer] {
    var layers: [any Layer] = []
    for call in calls { layers.append(try CatalogueEntry.make(call, from: catalogue, kind: "layer")) }
    return layers
  }

  private var catalogue: [CatalogueEntry<any Layer>] {
    [
      .init(name: "Dense", parameters: [.init("units"), .init("bias", "true")]) { arguments throws(ExpressionError) in
        Dense(try arguments.integer("units"), useBias: try arguments.truth("bias"))
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
            throw ExpressionError(
              column: call.column, "without a vocabulary file, write Embedding(vocabulary, depth)")
          }
          let name = call.arguments[0].label ?? "vocabulary"
          return Embedding(vocabularySize, try arguments.integer(name))
        }
        return Embedding(try arguments.integer("vocabulary"), try arguments.integer("depth"))
      },
      .init(name: "LogSoftmax", parameters: []) { _ in LogSoftmax() },
      .init(name: "Mean", parameters: [.init("axis", "1"), .init("keepdims", "false")]) {
        arguments throws(ExpressionError) in
        Mean(
          axis: try arguments.integer("axis", minimum: -8), keepsDimensions: try arguments.truth("keepdims"))
      },
      .init(name: "Relu", parameters: []) { _ in Relu() },
      .init(name: "Serial", parameters: [], takesCalls: true) { arguments throws(ExpressionError) in
        Serial(try layers(arguments.call.calls))
      },
    ]
  }
}
