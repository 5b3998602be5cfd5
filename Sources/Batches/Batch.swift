import JSONLines

extension [UInt8] {
  /// Appends a batch of examples to be classified as a record: `inputs`, the ids of each example, filled up with the padding
  /// id 0 to the length of the longest (at least 1); `targets`, the labels; and `weights`.
  public mutating func appendBatch(_ examples: [Example]) {
    append("{\"inputs\":")
    appendRows(examples.map(\.ids))
    append(",\"targets\":")
    appendJSON(list: examples) { $0.appendJSON($1.label) }
    append(",\"weights\":")
    appendJSON(list: examples) { $0.appendWeight($1.weight) }
    append("}\n")
  }

  /// Appends a batch of texts whose ids are to be foretold, each from those before it: `inputs`; `targets`, the same rows;
  /// `weights`, those of the examples or of each of their ids, and 0 for the padding and for targets of `maskedID`; and `carry` if
  /// the rows continue those of the batch before.
  public mutating func appendLanguageModelBatch(
    _ examples: [Example], idWeights: [[Float]]? = nil, carries: Bool = false, maskedID: Int? = nil
  ) {
    let length = examples.reduce(1) { Swift.max($0, $1.ids.count) }
    append("{\"inputs\":")
    appendRows(examples.map(\.ids))
    append(",\"targets\":")
    appendRows(examples.map(\.ids))
    append(",\"weights\":")
    appendJSON(list: examples.indices) { output, row in
      let example = examples[row]
      output.appendJSON(list: 0..<length) { output, index in
        let counts = index < example.ids.count && example.ids[index] != maskedID
        output.appendWeight(counts ? idWeights?[row][index] ?? example.weight : 0)
      }
    }
    if carries { append(",\"carry\":true") }
    append("}\n")
  }

  /// Appends rows of ids, filled up with 0 to the length of the longest.
  private mutating func appendRows(_ rows: [[Int]]) {
    let length = rows.reduce(1) { Swift.max($0, $1.count) }
    appendJSON(list: rows) { output, row in
      output.appendJSON(list: 0..<length) { $0.appendJSON($1 < row.count ? row[$1] : 0) }
    }
  }

  private mutating func appendWeight(_ weight: Float) {
    if let whole = Int(exactly: weight) { appendJSON(whole) } else { appendJSON(weight) }
  }
}
