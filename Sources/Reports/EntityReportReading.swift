import Files
import JSONLines

/// What reports on entities are added from: a field of names, and for each one the lists of counts in the same order.
extension EntityReport {
  private static var ofTypes: Fields {
    ("entity_types", [("right", \.right), ("predicted", \.predicted), ("entities", \.actual)])
  }
  private static var ofTags: Fields {
    ("tags", [("right_tokens", \.right), ("predicted_tokens", \.predicted), ("tokens", \.actual)])
  }
  private typealias Fields = (names: String, counts: [(name: String, path: WritableKeyPath<Counts, Int>)])

  /// Adds `counts`.
  func addCounts(to report: inout JSONObjectWriter) {
    report.add(
      "counts",
      object: { counts in
        counts.add("version", ClassificationReport.version)
        counts.add("sentences", sentences)
        for (fields, table) in [(Self.ofTypes, types), (Self.ofTags, tags)] {
          let rows = table.byName
          counts.add(fields.names) { $0.appendJSON(list: rows) { $0.appendJSON($1.name) } }
          for (name, path) in fields.counts {
            counts.add(name) { $0.appendJSON(list: rows) { $0.appendJSON($1.counts[keyPath: path]) } }
          }
        }
      })
  }

  /// Whether JSON is that of a report on entities, damaged or not.
  public static func isReport(_ json: JSON) -> Bool { json["counts"]?[ofTypes.names] != nil }

  /// The report that `json` was made of.
  /// - Throws: `RecordError` when it is no such report, or does not agree with itself.
  public init(json text: Bytes) throws(RecordError) {
    let document = try JSONDocument(text)
    let json = document.root
    guard let counts = json["counts"], Self.isReport(json) else { throw RecordError("not a JSON report on entities") }
    guard counts["version"]?.integer == ClassificationReport.version else {
      throw RecordError("the report was made by another version of predict")
    }
    self.init()
    let tokens = try json.count("tokens")
    (types, tags) = (
      try Self.read(Self.ofTypes, counts, most: tokens), try Self.read(Self.ofTags, counts, most: tokens)
    )
    // Every token has a tag, and a predicted one.
    guard tags.micro.actual == tokens, tags.micro.predicted == tokens else {
      throw ClassificationReport.damaged("tokens")
    }
    sentences = try json.count("sentences")
    guard try counts.count("sentences", "counts") == sentences, sentences > 0 || tokens == 0 else {
      throw ClassificationReport.damaged("sentences")
    }
  }

  /// - Parameter most: How many tokens there are: of entities, which share none, there are no more.
  private static func read(_ fields: Fields, _ counts: JSON, most: Int) throws(RecordError) -> [String: Counts] {
    guard let names = counts[fields.names]?.strings, Set(names).count == names.count else {
      throw ClassificationReport.damaged("counts")
    }
    var table = [String: Counts](uniqueKeysWithValues: names.map { ($0, Counts()) })
    for (field, path) in fields.counts {
      guard let numbers = counts[field]?.integers, numbers.count == names.count else {
        throw ClassificationReport.damaged(field)
      }
      var left = most
      for (name, number) in zip(names, numbers) {
        guard 0...left ~= number else { throw ClassificationReport.damaged(field) }
        left -= number
        table[name]![keyPath: path] = number
      }
    }
    guard table.values.allSatisfy({ $0.right <= min($0.predicted, $0.actual) && $0.predicted + $0.actual > 0 }) else {
      throw ClassificationReport.damaged("counts")
    }
    return table
  }
}
