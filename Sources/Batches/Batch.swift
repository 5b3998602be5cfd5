import Records

extension [UInt8] {
  /// Appends a batch as a record: `inputs`, the ids of each example, filled up with the padding id 0 to the length
  /// of the longest (at least 1); `targets`, the labels; and `weights`.
  public mutating func appendBatch(_ examples: [Example]) {
    let length = examples.reduce(1) { Swift.max($0, $1.ids.count) }
    append("{\"inputs\":")
    appendJSON(list: examples) { output, example in
      output.append(0x5b)
      for index in 0..<length {
        if index > 0 { output.append(0x2c) }
        output.appendJSON(index < example.ids.count ? example.ids[index] : 0)
      }
      output.append(0x5d)
    }
    append(",\"targets\":")
    appendJSON(list: examples) { $0.appendJSON($1.label) }
    append(",\"weights\":")
    appendJSON(list: examples) { output, example in
      if let whole = Int(exactly: example.weight) {
        output.appendJSON(whole)
      } else {
        output.appendJSON(example.weight)
      }
    }
    append("}\n")
  }
}
