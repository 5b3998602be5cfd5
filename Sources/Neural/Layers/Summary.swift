/// A line for each sublayer of a model: what it takes, what it gives, and how many weights it has.
public struct Summary {
  /// One sublayer.
  public struct Row {
    /// The index in the model: `1` or, in a Serial inside, `1.0`.
    public let path: String
    /// How the layer prints.
    public let name: String
    /// The shapes of what it takes.
    public let inputs: [[Int]]
    /// The shapes of what it gives.
    public let outputs: [[Int]]
    /// The number of elements of all its weights.
    public let weightCount: Int
  }

  /// The lines, in the order in which data goes through the layers.
  public let rows: [Row]

  /// The sublayers of a model that has been initialized, those of a Serial inside among them.
  /// - Throws: `LayerError` when inputs of these shapes do not fit.
  public init(_ model: Serial, inputs: [[Int]]) throws(LayerError) {
    rows = try Self.rows(model, inputs, path: "")
  }

  private static func rows(_ outer: any Layer, _ inputs: [[Int]], path: String) throws(LayerError) -> [Row] {
    var rows: [Row] = []
    let taken = try outer.inputsOfSublayers(inputs)
    for (index, (layer, inputs)) in zip(outer.sublayers, taken).enumerated() {
      rows.append(
        Row(
          path: "\(path)\(index)", name: layer.name, inputs: inputs, outputs: try layer.outputShapes(inputs),
          weightCount: layer.weightCount))
      rows += try Self.rows(layer, inputs, path: "\(path)\(index).")
    }
    return rows
  }
}
