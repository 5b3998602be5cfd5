import Neural

/// What a model looks like.
enum Describe {
  /// The model as Trax prints it, and a line for each sublayer with its shapes and number of weights.
  static func text(of model: Serial) throws(LayerError) -> String {
    // Lengths that nothing else has stand for those that are not known.
    let (batch, time) = (1_000_003, 1_000_033)
    func text(_ shapes: [[Int]]) -> String {
      let lists = shapes.map { shape in
        "[" + shape.map { $0 == batch ? "batch" : $0 == time ? "time" : "\($0)" }.joined(separator: ", ") + "]"
      }
      return lists.joined(separator: " ")
    }
    let rows = try Summary(model, inputs: [[batch, time]]).rows.map { row in
      [
        row.path, row.name, "\(text(row.inputs)) → \(text(row.outputs))",
        row.weightCount > 0 ? "\(row.weightCount)" : "",
      ]
    }
    let widths = (0..<3).map { column in (rows.map { $0[column].count }.max() ?? 0) + 2 }
    var lines = [model.name]
    for row in rows {
      let cells = (0..<3).map { row[$0] + String(repeating: " ", count: widths[$0] - row[$0].count) } + [row[3]]
      lines.append(String(cells.joined().reversed().drop { $0 == " " }.reversed()))
    }
    return (lines + ["\(model.weightCount) weights", ""]).joined(separator: "\n")
  }
}
