/// A line for each sublayer of a model: what it takes, what it gives, and how many weights it has.
public struct Summary {
  /// One sublayer.
  public struct Row {
    /// The place in the model: `1` or, in a Serial inside, `1.0`.
    public let path: String
    public let name: String
    public let inputs: [[Int]]
    public let outputs: [[Int]]
    public let weightCount: Int
  }

  public let rows: [Row]

  /// The sublayers of a model that has been initialized, those of a Serial inside among them.
  /// - Throws: `LayerError` when inputs of these shapes do not fit.
  public init(_ model: Serial, inputs: [[Int]]) throws(LayerError) {
    rows = try Self.rows(model, inputs, path: "")
  }

  private static func rows(_ serial: Serial, _ inputs: [[Int]], path: String) throws(LayerError) -> [Row] {
    var rows: [Row] = []
    var stack = inputs
    for (index, layer) in serial.layers.enumerated() {
      let taken = Array(stack.prefix(layer.inputCount))
      let given = try layer.outputShapes(taken)
      stack.replaceSubrange(..<layer.inputCount, with: given)
      rows.append(
        Row(path: "\(path)\(index)", name: layer.name, inputs: taken, outputs: given, weightCount: layer.weightCount))
      if let inner = layer as? Serial { rows += try Self.rows(inner, taken, path: "\(path)\(index).") }
    }
    return rows
  }
}
