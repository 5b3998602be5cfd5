import JSONLines

extension BatchRecord {
  /// Appends a batch of examples that have a class for every id, as a record: `inputs`, rows of ids, or of lists of ids
  /// filled up with 0 where tokens have several; `targets`, rows of classes;
  /// `weights`, that of the example by that of the class, and 0 for padding; and `epoch`.
  /// - Parameter weight: How much a class counts.
  public static func appendTaggedBatch(
    _ examples: [Example], epoch: Int? = nil, weight: (_ tag: Int) -> Float = { _ in 1 }, to output: inout [UInt8]
  ) {
    let length = examples.reduce(1) { max($0, $1.ids.count) }
    output.appendRecord { batch in
      if examples.contains(where: { !$0.steps.isEmpty }) {
        batch.add(Field.inputs) { $0.appendRows(examples.map(\.steps), length: length) }
      } else {
        batch.add(Field.inputs) { $0.appendRows(examples.map(\.ids)) }
      }
      batch.add(Field.targets) { $0.appendRows(examples.map(\.tagIDs)) }
      batch.add(Field.weights) { output in
        output.appendJSON(list: examples) { output, example in
          output.appendJSON(list: 0..<length) { output, index in
            let counts = index < example.tagIDs.count
            output.appendWeight(counts ? example.weight * weight(example.tagIDs[index]) : 0)
          }
        }
      }
      if let epoch { batch.add(Field.epoch, epoch) }
    }
  }
}

extension [UInt8] {
  /// Appends rows of lists of ids, filled up with lists to a length, and all lists with 0 to the length of the longest.
  fileprivate mutating func appendRows(_ rows: [[[Int]]], length: Int) {
    let depth = rows.reduce(1) { $1.reduce($0) { Swift.max($0, $1.count) } }
    appendJSON(list: rows) { output, row in
      output.appendJSON(list: 0..<length) { output, step in
        let list = step < row.count ? row[step] : []
        output.appendJSON(list: 0..<depth) { $0.appendJSON($1 < list.count ? list[$1] : 0) }
      }
    }
  }
}

extension Example {
  /// Takes the classes of the ids of a record, which it must have in `tag_ids`, one for each id.
  /// - Parameter classes: The number of classes, where it is known.
  /// - Throws: `RecordError` where there are no ids, or not as many classes, or one that is none.
  mutating func takeTags(of record: borrowing Record, classes: Int?) throws(RecordError) {
    tagIDs = try record.integers(Self.tagField)
    guard !ids.isEmpty || !tagIDs.isEmpty else {
      throw RecordError("there are no ids, and so there is nothing to tag")
    }
    guard tagIDs.count == ids.count else {
      throw RecordError("there are \(ids.count) ids, but field \"\(Self.tagField)\" holds \(tagIDs.count) classes")
    }
    try IDRange.check(tagIDs, of: Self.tagField, isClass: true)
    if let classes, let tag = tagIDs.first(where: { $0 >= classes }) {
      throw RecordError("field \"\(Self.tagField)\" holds \(tag), but there are \(classes) classes")
    }
  }

  /// The field of the classes of ids.
  static let tagField = "tag_ids"
}
