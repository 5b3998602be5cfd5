import Files
import JSONLines

extension EntityReport {
  private var headline: String {
    "F1 \(figure(micro.f1)), precision \(figure(micro.precision)), recall \(figure(micro.recall)) of entities; "
      + "accuracy \(figure(tokenAccuracy)) (\(rightTokens) of \(tokens) tokens)"
  }

  private static let headings = ["precision", "recall", "F1", "entities"]

  /// The rows of the table of types: name, metrics, and the number of entities.
  private var rows: [(name: String, metrics: [Double], entities: Int)] {
    let all = micro
    return sortedTypes.map { ($0, [$1.precision, $1.recall, $1.f1], $1.entities) } + [
      ("micro average", [all.precision, all.recall, all.f1], all.entities),
      ("macro average", [macro { $0.precision }, macro { $0.recall }, macro { $0.f1 }], all.entities),
      (
        "weighted average",
        [
          macro({ $0.precision }, bySupport: true), macro({ $0.recall }, bySupport: true),
          macro({ $0.f1 }, bySupport: true),
        ], all.entities
      ),
    ]
  }

  /// A table for a terminal of 80 columns.
  public var text: String {
    let rows = rows
    let numbered = TextTable.numbered(rows.dropLast(3).map(\.name)) + rows.suffix(3).map(\.name)
    let table = TextTable(names: numbered)
    return headline + "\n\n" + table.line("type", Self.headings)
      + zip(numbered, rows).map { name, row in
        table.line(name, row.metrics.map { figure($0) } + ["\(row.entities)"])
      }.joined()
  }

  /// The report as a page that stands alone.
  public var html: String {
    let rows = rows
    let numbered = TextTable.numbered(rows.dropLast(3).map(\.name), width: HTMLPage.shortest)
    var page = HTMLPage("Report on entities")
    page.add(paragraph: headline + ", in \(sentences) sentences.")
    page.add(heading: "Types")
    page.addTable(
      "Each type of entities", headings: ["type"] + Self.headings,
      rows: zip(numbered + rows.suffix(3).map(\.name), rows).map {
        HTMLPage.row($0, $1.metrics.map { figure($0) } + ["\($1.entities)"])
      })
    return page.text
  }

  /// The whole report as one JSON object. Its last field, `counts`, is for `init(json:)`.
  public var json: [UInt8] {
    var json: [UInt8] = []
    json.appendRecord { report in
      report.add("sentences", sentences)
      report.add("tokens", tokens)
      report.add("token_accuracy", tokenAccuracy)
      report.add("precision", micro.precision)
      report.add("recall", micro.recall)
      report.add("f1", micro.f1)
      report.add("macro_f1", macro { $0.f1 })
      report.add("weighted_f1", macro({ $0.f1 }, bySupport: true))
      report.add("types") { output in
        output.appendJSON(list: rows) { output, row in
          output.appendObject { object in
            object.add("name", row.name)
            for (name, metric) in zip(["precision", "recall", "f1"], row.metrics) { object.add(name, metric) }
            object.add("entities", row.entities)
          }
        }
      }
      report.add(
        "counts",
        object: { counts in
          counts.add("version", ClassificationReport.version)
          counts.add("right_tokens", rightTokens)
          counts.add("entity_types") { $0.appendJSON(list: sortedTypes) { $0.appendJSON($1.name) } }
          for (name, count) in Self.countNames {
            counts.add(name) { $0.appendJSON(list: sortedTypes) { $0.appendJSON($1.counts[keyPath: count]) } }
          }
        })
    }
    return json
  }

  private static var countNames: [(String, WritableKeyPath<TypeCounts, Int>)] {
    [("right", \.right), ("predicted", \.predicted), ("entities", \.entities)]
  }

  /// Whether JSON is that of a report on entities, damaged or not.
  public static func isReport(_ json: JSON) -> Bool { json["counts"]?["entity_types"] != nil }

  /// The report that `json` was made of.
  /// - Throws: `RecordError` when it is no such report, or does not agree with itself.
  public init(json text: Bytes) throws(RecordError) {
    let document = try JSONDocument(text)
    let json = document.root
    func damaged(_ field: String) -> RecordError { ClassificationReport.damaged(field) }
    guard let counts = json["counts"], let items = counts["entity_types"]?.items else {
      throw RecordError("not a JSON report on entities")
    }
    guard counts["version"]?.integer == ClassificationReport.version else {
      throw RecordError("the report was made by another version of predict")
    }
    self.init()
    func count(_ value: JSON?, _ field: String) throws(RecordError) -> Int {
      guard let number = value?.integer, JSON.counts ~= number else { throw damaged(field) }
      return number
    }
    sentences = try count(json["sentences"], "sentences")
    tokens = try count(json["tokens"], "tokens")
    rightTokens = try count(counts["right_tokens"], "counts")
    guard rightTokens <= tokens else { throw damaged("counts") }
    let names = items.compactMap { $0.string }
    guard names.count == items.count, Set(names).count == names.count else { throw damaged("counts") }
    for name in names { types[name] = TypeCounts() }
    for (field, path) in Self.countNames {
      guard let numbers = counts[field]?.integers, numbers.count == names.count,
        numbers.allSatisfy({ 0...tokens ~= $0 })
      else { throw damaged(field) }
      for (name, number) in zip(names, numbers) { types[name]![keyPath: path] = number }
    }
    guard types.values.allSatisfy({ $0.right <= min($0.predicted, $0.entities) }) else { throw damaged("counts") }
  }
}
