import Files
import JSONLines
import Neural

extension MultiLabelReport {
  private var headline: String {
    "F1 \(figure(micro.f1)) micro, \(figure(macro { $0.f1 })) macro, \(figure(samplesF1)) samples; "
      + "all right in \(exactMatches) of \(records) records"
  }

  /// The rows of the table of classes.
  private var rows: [(name: String, metrics: [Double], records: Int)] {
    let all = micro.records
    return zip(names, classes).map { ($0, [$1.precision, $1.recall, $1.f1], $1.records) } + [
      ("micro average", [micro.precision, micro.recall, micro.f1], all),
      ("macro average", [macro { $0.precision }, macro { $0.recall }, macro { $0.f1 }], all),
      (
        "weighted average",
        [
          macro({ $0.precision }, bySupport: true), macro({ $0.recall }, bySupport: true),
          macro({ $0.f1 }, bySupport: true),
        ], all
      ),
    ]
  }

  private var curveHeadings: [String] {
    ["ROC AUC", "AP"] + (precisionTarget == nil ? [] : ["threshold", "recall"])
  }

  private func cells(_ curve: ScoreSummary) -> [String] {
    var cells = [figure(curve.rocAUC), figure(curve.averagePrecision)]
    if let precisionTarget {
      let found = curve.threshold(forPrecision: precisionTarget)
      cells += [figure(found?.threshold), figure(found?.recall)]
    }
    return cells
  }

  private var targetRemark: String {
    precisionTarget.map { "; lowest threshold for a precision of \($0), and the recall there" } ?? ""
  }

  /// Tables for a terminal of 80 columns.
  public var text: String {
    let numbered = TextTable.numbered(names)
    let table = TextTable(names: numbered)
    var text = headline + "\n\n" + table.line("class", ["precision", "recall", "F1", "records"])
    for (index, row) in rows.enumerated() {
      let name = index < names.count ? numbered[index] : row.name
      text += table.line(name, row.metrics.map { figure($0) } + ["\(row.records)"])
    }
    if let logLoss { text += "\nlog loss \(figure(logLoss))\n" }
    guard let curves else { return text }
    text += "ROC AUC \(figure(rocAUC)), average precision (AP) \(figure(averagePrecision)) (means of the classes)\n"
    text += "\nthe probabilities of each class\(targetRemark)\n" + table.line("class", curveHeadings)
    for (name, curve) in zip(numbered, curves) { text += table.line(name, cells(curve), headings: curveHeadings) }
    return text
  }

  /// The report as a page that stands alone.
  public var html: String {
    let numbered = TextTable.numbered(names, width: HTMLPage.shortest)
    var page = HTMLPage("Report on several labels a record")
    page.add(paragraph: headline)
    page.add(heading: "Classes")
    page.addTable(
      "Each class", headings: ["class", "precision", "recall", "F1", "records"],
      rows: zip(numbered + rows.suffix(3).map(\.name), rows).map {
        HTMLPage.row($0, $1.metrics.map { figure($0) } + ["\($1.records)"])
      })
    if let logLoss { page.add(heading: "Probabilities", "Log loss \(figure(logLoss)).") }
    if let curves {
      page.addTable(
        "The probabilities of each class\(targetRemark)", headings: ["class"] + curveHeadings,
        rows: zip(numbered, curves).map { HTMLPage.row($0, cells($1)) })
      page.addCurves(Array(zip(numbered, curves)))
    }
    return page.text
  }

  /// The whole report as one JSON object. Its last field, `counts`, is for `init(json:)`.
  public var json: [UInt8] {
    var json: [UInt8] = []
    json.appendRecord { report in
      report.add("records", records)
      report.add("exact_matches", exactMatches)
      report.add("micro_f1", micro.f1)
      report.add("macro_f1", macro { $0.f1 })
      report.add("samples_f1", samplesF1)
      if let logLoss { report.add("log_loss", logLoss) }
      report.add("classes") { output in
        output.appendJSON(list: rows) { output, row in
          output.appendObject { object in
            object.add("name", row.name)
            for (name, metric) in zip(["precision", "recall", "f1"], row.metrics) { object.add(name, metric) }
            object.add("records", row.records)
          }
        }
      }
      if let curves {
        report.add("roc_auc", rocAUC ?? .nan)
        report.add("average_precision", averagePrecision ?? .nan)
        add(curves, to: &report)
      }
      addCounts(to: &report)
    }
    return json
  }

  private func add(_ curves: [ScoreSummary], to report: inout JSONObjectWriter) {
    report.add("curves") { output in
      output.appendJSON(list: zip(names, curves)) { output, curve in
        output.appendCurve(name: curve.0, curve.1, precisionTarget: precisionTarget)
      }
    }
  }

  private func addCounts(to report: inout JSONObjectWriter) {
    report.add(
      "counts",
      object: { counts in
        counts.add("version", ClassificationReport.version)
        counts.add("scored", scored)
        counts.add("record_f1s", "\(recordF1s.units)")
        counts.add("log_losses", "\(losses.units)")
        for (name, count) in Self.countNames {
          counts.add(name) { $0.appendJSON(list: classes) { $0.appendJSON($1[keyPath: count]) } }
        }
        counts.add("scores") { $0.appendJSON(list: scores) { output, scores in output.appendJSON(scores) } }
      })
  }

  private static var countNames: [(String, WritableKeyPath<ClassCounts, Int>)] {
    [
      ("true_positives", \.truePositives), ("false_positives", \.falsePositives),
      ("false_negatives", \.falseNegatives),
    ]
  }

  /// Whether JSON is that of a report on several labels a record, damaged or not.
  public static func isReport(_ json: JSON) -> Bool { json["counts"]?[countNames[0].0] != nil }

  /// The report that `json` was made of.
  /// - Throws: `RecordError` when it is no such report, or does not agree with itself.
  public init(json text: Bytes) throws(RecordError) {
    let document = try JSONDocument(text)
    let json = document.root
    func damaged(_ field: String) -> RecordError { ClassificationReport.damaged(field) }
    guard let counts = json["counts"], let rows = json["classes"]?.items, counts["true_positives"] != nil else {
      throw RecordError("not a JSON report on several labels a record")
    }
    guard counts["version"]?.integer == ClassificationReport.version else {
      throw RecordError("the report was made by another version of predict")
    }
    // The last three rows are averages.
    let names = rows.dropLast(3).compactMap { $0["name"]?.string }
    guard rows.count > 3, names.count == rows.count - 3 else { throw damaged("classes") }
    self.init(labels: names, classes: names.count)
    guard let records = json["records"]?.integer, JSON.counts ~= records else { throw damaged("records") }
    guard let exact = json["exact_matches"]?.integer, 0...records ~= exact else { throw damaged("exact_matches") }
    (self.records, exactMatches) = (records, exact)
    for (name, count) in Self.countNames {
      guard let numbers = counts[name]?.integers, numbers.count == names.count,
        numbers.allSatisfy({ 0...records ~= $0 })
      else { throw damaged(name) }
      for (index, number) in numbers.enumerated() { classes[index][keyPath: count] = number }
    }
    guard let scored = counts["scored"]?.integer, 0...records ~= scored else { throw damaged("counts") }
    self.scored = scored
    recordF1s = try ClassificationReport.sum(counts["record_f1s"], atMost: records, "counts")
    losses = try ClassificationReport.sum(
      counts["log_losses"], atMost: Int(min(40 * Double(scored) * Double(names.count), 0x1p48)), "counts")
    guard let lists = counts["scores"]?.items, lists.count == scores.count else { throw damaged("counts") }
    for (index, list) in lists.enumerated() { try scores[index].add(list, total: scored) }
  }
}
