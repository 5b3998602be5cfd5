import JSONLines

extension EntityReport {
  /// A table of the report: one of entities by type or, where a tag is of no scheme of entities, of tokens by tag.
  private struct Table {
    /// What a row is of, and what is counted.
    let kind: String, counted: String
    let counts: [String: Counts]
    /// The names of the averages, with their metrics: nil where there is nothing to be right about.
    let averages: [(name: String, metrics: [Double?])]

    static var metrics: [(name: String, value: (Counts) -> Double)] {
      [("precision", \.precision), ("recall", \.recall), ("F1", \.f1)]
    }
    var headings: [String] { Self.metrics.map(\.name) + [counted] }
    var rows: [(name: String, metrics: [Double?], count: Int)] {
      counts.byName.map { name, counts in (name, Self.metrics.map { $0.value(counts) }, counts.actual) }
    }
    /// How many are there.
    var total: Int { counts.micro.actual }

    init(kind: String, counted: String, _ counts: [String: Counts], hasMicro: Bool) {
      (self.kind, self.counted, self.counts) = (kind, counted, counts)
      func average(_ name: String, _ metric: (_ value: (Counts) -> Double) -> Double) -> (String, [Double?]) {
        (name, Self.metrics.map { counts.isEmpty ? nil : metric($0.value) })
      }
      let micro = counts.micro
      averages =
        (hasMicro ? [average("micro") { $0(micro) }] : []) + [
          average("macro") { counts.macro($0, bySupport: false) },
          average("weighted") { counts.macro($0, bySupport: true) },
        ]
    }
  }

  /// Micro averages of tags are all the accuracy, and so not told again.
  private var table: Table {
    strangeTag == nil
      ? Table(kind: "type", counted: "entities", types, hasMicro: true)
      : Table(kind: "tag", counted: "tokens", tags, hasMicro: false)
  }

  private var accuracy: String {
    "accuracy \(figure(tokens > 0 ? tokenAccuracy : nil)) (\(rightTokens) of \(tokens) tokens)"
  }

  /// The figures that matter most, and why they are none of entities.
  private var headline: String {
    if let strangeTag {
      return "\(accuracy); no entities, since \"\(oneLine(strangeTag))\" is no BIO or IOBES tag"
    }
    let metrics = table.averages[0].metrics.map { figure($0) }
    return "F1 \(metrics[2]), precision \(metrics[0]), recall \(metrics[1]) of entities; \(accuracy)"
  }

  /// Tables for a terminal of 80 columns.
  public var text: String {
    let table = table
    let numbered = TextTable.numbered(table.rows.map(\.name))
    let lines = TextTable(names: numbered)
    func line(_ name: String, _ metrics: [Double?], _ count: Int) -> String {
      lines.line(name, metrics.map { figure($0) } + ["\(count)"])
    }
    return headline + "\n\n" + lines.line(table.kind, table.headings)
      + zip(numbered, table.rows).map { line($0, $1.metrics, $1.count) }.joined() + "\n"
      + lines.line("average", table.headings)
      + table.averages.map { line($0.name, $0.metrics, table.total) }.joined()
  }

  /// The report as a page that stands alone.
  public var html: String {
    let table = table
    let numbered = TextTable.numbered(table.rows.map(\.name), width: HTMLPage.shortest)
    let isOfEntities = strangeTag == nil
    var page = HTMLPage(isOfEntities ? "Report on entities" : "Report on tags")
    page.add(paragraph: headline + ", in \(sentences) sentences.")
    page.add(heading: isOfEntities ? "Types" : "Tags")
    page.addTable(
      isOfEntities ? "Each type of entities" : "Each tag", headings: [table.kind] + table.headings,
      rows: zip(numbered, table.rows).map { HTMLPage.row($0, $1.metrics.map { figure($0) } + ["\($1.count)"]) })
    page.addTable(
      "Averages", headings: ["average"] + table.headings,
      rows: table.averages.map { HTMLPage.row($0.name, $0.metrics.map { figure($0) } + ["\(table.total)"]) })
    return page.text
  }

  /// The whole report as one JSON object. Its last field, `counts`, is for `init(json:)`.
  public var json: [UInt8] {
    let table = table
    var json: [UInt8] = []
    json.appendRecord { report in
      report.add("sentences", sentences)
      report.add("tokens", tokens)
      report.add("token_accuracy", tokens > 0 ? tokenAccuracy : .nan)
      if strangeTag == nil { Self.add(table.averages[0].metrics, to: &report) }
      for (name, metrics) in table.averages.suffix(2) { report.add("\(name)_f1", metrics[2] ?? .nan) }
      report.add("\(table.kind)s") { output in
        output.appendJSON(list: table.rows) { output, row in
          output.appendObject { object in
            object.add("name", row.name)
            Self.add(row.metrics, to: &object)
            object.add(table.counted, row.count)
          }
        }
      }
      report.add("averages") { output in
        output.appendJSON(list: table.averages) { output, average in
          output.appendObject { object in
            object.add("name", average.name)
            Self.add(average.metrics, to: &object)
          }
        }
      }
      addCounts(to: &report)
    }
    return json
  }

  private static func add(_ metrics: [Double?], to object: inout JSONObjectWriter) {
    for (metric, value) in zip(Table.metrics, metrics) { object.add(metric.name.lowercased(), value ?? .nan) }
  }
}
