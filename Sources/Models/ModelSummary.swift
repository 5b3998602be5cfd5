import Neural

/// A model as text: what `train --describe` shows.
public enum ModelSummary {
  /// The model as Trax prints it, and a line for each sublayer with its shapes and number of weights.
  /// - Throws: `LayerError` when the layers take no ids, do not fit each other, or have no weights yet.
  public static func text(of model: Serial) throws(LayerError) -> String {
    // What changes with the batch and the time shows where both are longer by one and two, and the other way round.
    let takesSteps =
      model.takesIDLists && (try? model.plan([[1, 1]])) == nil && (try? model.plan([[1, 1, 1]])) != nil
    func rows(_ input: [Int]) throws(LayerError) -> [Summary.Row] {
      let input = takesSteps ? input + [1] : input
      return try Summary(model, inputs: Array(repeating: input, count: max(model.inputCount, 1))).rows
    }
    let one = try rows([1, 1])
    let (wide, long) = (try rows([3, 2]), try rows([2, 3]))
    func text(_ index: Int, _ shapes: (Summary.Row) -> [[Int]]) -> String {
      let (one, wide, long) = (shapes(one[index]), shapes(wide[index]), shapes(long[index]))
      let lists = one.indices.map { tensor in
        one[tensor].indices.map { axis in
          length(one[tensor][axis], wide: wide[tensor][axis], long: long[tensor][axis])
        }
      }
      return lists.map { "[\($0.joined(separator: ", "))]" }.joined(separator: " ")
    }
    let rows = one.indices.map { index in
      let row = one[index]
      return [
        row.path, row.name, "\(text(index, \.inputs)) → \(text(index, \.outputs))",
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

  /// A length as a sum of multiples of the batch and the time and a number, from its values for 1 × 1, 3 × 2 and 2 × 3
  /// ids.
  private static func length(_ one: Int, wide: Int, long: Int) -> String {
    let batch = (2 * (wide - one) - (long - one)) / 3
    let time = (long - one - batch) / 2
    let rest = one - batch - time
    let terms = [(batch, "batch"), (time, "time")].filter { $0.0 != 0 }.map { $0 == 1 ? $1 : "\($0) \($1)" }
    return (terms + (rest != 0 || terms.isEmpty ? ["\(rest)"] : [])).joined(separator: " + ")
  }
}
