import JSONLines

extension BatchRecord {
  /// Appends a batch of examples to be classified as a record: `inputs`, the ids of each example, filled up with the
  /// padding id 0 to the length of the longest (at least 1); of pairs `other_inputs`, likewise; `targets`, the labels;
  /// `weights`; and `epoch`, how often the examples have been gone through, if that is to be said.
  public static func append(_ examples: [Example], epoch: Int? = nil, to output: inout [UInt8]) {
    output.appendRecord { batch in
      batch.add(Field.inputs) { $0.appendRows(examples.map(\.ids)) }
      if examples.contains(where: { $0.otherIDs != nil }) {
        batch.add(Field.otherInputs) { $0.appendRows(examples.map { $0.otherIDs ?? [] }) }
      }
      batch.add(Field.targets) { $0.appendJSON(list: examples) { $0.appendJSON($1.label) } }
      batch.add(Field.weights) { $0.appendJSON(list: examples) { $0.appendWeight($1.weight) } }
      if let epoch { batch.add(Field.epoch, epoch) }
    }
  }

  /// Appends a batch of examples that may have several labels each, of `classes` classes: as `append(_:to:)` does, but
  /// with `label_targets`, for each example a row of a 1 for every class that it has and a 0 for every other.
  /// - Precondition: The labels are from 0 to below `classes`.
  public static func append(_ examples: [Example], classes: Int, epoch: Int? = nil, to output: inout [UInt8]) {
    output.appendRecord { batch in
      batch.add(Field.inputs) { $0.appendRows(examples.map(\.ids)) }
      batch.add(Field.labelTargets) { output in
        output.appendJSON(list: examples) { output, example in
          var targets = [Int](repeating: 0, count: classes)
          for label in example.labels { targets[label] = 1 }
          output.appendJSON(list: targets) { $0.appendJSON($1) }
        }
      }
      batch.add(Field.weights) { $0.appendJSON(list: examples) { $0.appendWeight($1.weight) } }
      if let epoch { batch.add(Field.epoch, epoch) }
    }
  }

  /// Appends a batch of texts whose ids are to be predicted, each from those before it: `inputs`; `targets`, the same
  /// rows; `weights`, those of the examples or of each of their ids, and 0 for the padding and for targets of
  /// `maskedID`; `carry` if the rows continue those of the batch before; and `epoch`.
  public static func appendLanguageModelBatch(
    _ examples: [Example], idWeights: [[Float]]? = nil, carries: Bool = false, maskedID: Int? = nil,
    epoch: Int? = nil, to output: inout [UInt8]
  ) {
    let length = examples.reduce(1) { max($0, $1.ids.count) }
    output.appendRecord { batch in
      batch.add(Field.inputs) { $0.appendRows(examples.map(\.ids)) }
      batch.add(Field.targets) { $0.appendRows(examples.map(\.ids)) }
      batch.add(Field.weights) { output in
        output.appendJSON(list: examples.indices) { output, row in
          let example = examples[row]
          output.appendJSON(list: 0..<length) { output, index in
            let counts = index < example.ids.count && example.ids[index] != maskedID
            output.appendWeight(counts ? idWeights?[row][index] ?? example.weight : 0)
          }
        }
      }
      if carries { batch.add(Field.carry) { $0.append("true") } }
      if let epoch { batch.add(Field.epoch, epoch) }
    }
  }
}

extension [UInt8] {
  /// Appends rows of ids, filled up with 0 to the length of the longest.
  mutating func appendRows(_ rows: [[Int]]) {
    let length = rows.reduce(1) { Swift.max($0, $1.count) }
    appendJSON(list: rows) { output, row in
      output.appendJSON(list: 0..<length) { $0.appendJSON($1 < row.count ? row[$1] : 0) }
    }
  }

  /// Appends a weight, as a whole number where it is one.
  mutating func appendWeight(_ weight: Float) {
    if let whole = Int(exactly: weight) { appendJSON(whole) } else { appendJSON(weight) }
  }
}
