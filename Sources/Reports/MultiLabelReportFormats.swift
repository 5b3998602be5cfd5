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
    text += probabilitiesText(table, numbered)
    if listsWorst { text += worstText }
    return text
  }

  private func probabilitiesText(_ table: TextTable, _ numbered: [String]) -> String {
    var text = ""
    if let logLoss { text += "\nlog loss \(figure(logLoss))\n" }
    guard let curves else { return text }
    text += "ROC AUC \(figure(rocAUC)), average precision (AP) \(figure(averagePrecision)) (means of the classes)\n"
    text += "\nthe probabilities of each class\(targetRemark)\n" + table.line("class", curveHeadings)
    for (name, curve) in zip(numbered, curves) { text += table.line(name, cells(curve), headings: curveHeadings) }
    return text
  }

  /// Which errors are the worst, and which records have none to show.
  private var worstRemark: String {
    scored < records ? " (of the \(scored) of \(records) records that tell probabilities)" : ""
  }

  /// The worst errors, two lines each.
  private var worstText: String {
    var text = "\nmost confident errors\(worstRemark)\n"
    if worst.errors.isEmpty { text += "(none)\n" }
    for error in worst.errors {
      let end = " \(error.kind), probability \(figure(error.probability))"
      text += cut(names[error.label], terminalWidth - end.count) + end + "\n"
      let words = error.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      text += "        \(beginning(words, terminalWidth - 8))\n"
    }
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
    if scored > 0 {
      page.add(
        heading: "Calibration",
        "Expected calibration error \(figure(calibration.expectedError)): how far the probability of a label and how often "
          + "it is there lie apart on average.")
      page.add(
        calibration,
        .init(
          counted: "labels of records", right: "there", wrong: "not there", sureness: "probability",
          share: "share that is there", title: "Probability of labels, there or not"))
    }
    addWorstErrors(to: &page)
    page.addWords(topTokens, of: names)
    return page.text
  }

  private func addWorstErrors(to page: inout HTMLPage) {
    guard worst.limit > 0, scored > 0 else { return }
    page.addWorst(
      worst.errors, "The most confident errors\(worstRemark)", second: "error",
      none: "No label was missed or wrongly given\(worstRemark)."
    ) { (names[$0.label], $0.kind, figure($0.probability), $0.text) }
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
      report.add(calibration)
      addWorstErrors(to: &report)
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

  private func addWorstErrors(to report: inout JSONObjectWriter) {
    report.add("worst_errors") { output in
      output.appendJSON(list: worst.errors) { output, error in
        output.appendObject { object in
          object.add("label", error.label)
          object.add("error", error.isMissed ? "missed" : "given")
          object.add("probability", error.probability)
          object.add("text", error.text)
        }
      }
    }
  }

  private func addCounts(to report: inout JSONObjectWriter) {
    report.add(
      "counts",
      object: { counts in
        counts.add("version", ClassificationReport.version)
        counts.add("worst", worst.limit)
        counts.add("scored", scored)
        counts.add("record_f1s", "\(recordF1s.units)")
        counts.add("log_losses", "\(losses.units)")
        for (name, count) in Self.countNames {
          counts.add(name) { $0.appendJSON(list: classes) { $0.appendJSON($1[keyPath: count]) } }
        }
        counts.add(countsOf: calibration)
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
    self.init(labels: names, classes: names.count, worst: try counts.count("worst", "counts"))
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
    calibration = try ClassificationReport.calibration(json, counts)
    let counted = scored.multipliedReportingOverflow(by: names.count)
    guard !counted.overflow, calibration.bins.reduce(0, { $0 + $1.count }) == counted.partialValue else {
      throw damaged("reliability")
    }
    try readWorstErrors(json)
  }

  private mutating func readWorstErrors(_ json: JSON) throws(RecordError) {
    guard let errors = json["worst_errors"]?.items, errors.count <= worst.limit else {
      throw ClassificationReport.damaged("worst_errors")
    }
    for error in errors {
      guard let label = error["label"]?.integer, names.indices.contains(label),
        let isMissed = error["error"]?.string.flatMap({ ["missed": true, "given": false][$0] }),
        let probability = error["probability"]?.number, 0...1 ~= probability, let text = error["text"]?.string
      else { throw ClassificationReport.damaged("worst_errors") }
      worst.add(WrongLabel(label: label, isMissed: isMissed, probability: probability, text: text))
    }
  }
}
