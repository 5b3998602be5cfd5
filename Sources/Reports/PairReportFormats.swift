import Files
import JSONLines

extension PairReport {
  private var headline: String {
    "accuracy \(figure(figures.accuracy)) (\(confusion[0][0] + confusion[1][1]) of \(records)), F1 of duplicates "
      + "\(figure(figures.f1))"
  }

  private static let headings = ["threshold", "accuracy", "precision", "recall", "F1"]

  private static func cells(_ figures: Figures) -> [String] {
    [figures.threshold, figures.accuracy, figures.precision, figures.recall, figures.f1].map { figure($0) }
  }

  /// The rows of the table of thresholds.
  private var rows: [(name: String, figures: Figures)] {
    [("as set", figures)] + (bestFigures.map { [("highest F1", $0)] } ?? [])
  }

  /// The lowest threshold for the precision that was asked for.
  private var target: String? {
    precisionTarget.map { target in
      let found = summary.threshold(forPrecision: target)
      let recall = found.map { ", and the recall there \(figure($0.recall))" } ?? ""
      return "lowest threshold for a precision of \(target): \(figure(found.map { $0.threshold - 1 }))\(recall)"
    }
  }

  private var areas: String {
    "ROC AUC \(figure(summary.rocAUC)), average precision \(figure(summary.averagePrecision))"
  }

  /// Tables for a terminal of 80 columns.
  public var text: String {
    let table = TextTable(names: rows.map(\.name))
    var text = headline + "\n\n" + table.line("duplicates from", Self.headings)
    for row in rows { text += table.line(row.name, Self.cells(row.figures)) }
    text += "\n" + areas + "\n"
    if let target { text += target + "\n" }
    text += "\n" + table.line("label", ["said \(names[0])", "said \(names[1])"])
    for (name, counts) in zip(names, confusion) {
      text += table.line(name, counts.map(String.init), headings: names.map { "said \($0)" })
    }
    return text
  }

  /// The report as a page that stands alone.
  public var html: String {
    var page = HTMLPage("Report on pairs of texts")
    page.add(paragraph: headline)
    page.add(heading: "Thresholds")
    page.addTable(
      "Duplicates are those from a score on", headings: ["threshold"] + Self.headings,
      rows: rows.map { HTMLPage.row($0.name, Self.cells($0.figures)) })
    if let target { page.add(paragraph: target) }
    page.addTable(
      "Labels and what was said", headings: ["label"] + names.map { "said \($0)" },
      rows: zip(names, confusion).map { HTMLPage.row($0, $1.map(String.init)) })
    page.add(heading: "Scores", areas + ".")
    page.addCurves([(names[1], summary)])
    return page.text
  }

  /// The whole report as one JSON object. Its last field, `counts`, is for `init(json:)`.
  public var json: [UInt8] {
    var json: [UInt8] = []
    json.appendRecord { report in
      report.add("records", records)
      add(figures, to: &report)
      report.add("roc_auc", summary.rocAUC ?? .nan)
      report.add("average_precision", summary.averagePrecision ?? .nan)
      if let bestFigures { report.add("best", object: { add(bestFigures, to: &$0) }) }
      report.add("confusion") { output in
        output.appendJSON(list: confusion) { $0.appendJSON(list: $1) { $0.appendJSON($1) } }
      }
      addTarget(to: &report)
      report.add(
        "counts",
        object: { counts in
          counts.add("version", ClassificationReport.version)
          counts.add("pair_labels") { $0.appendJSON(list: names) { $0.appendJSON($1) } }
          // From 0 on, as they are counted: 0 is the score -1.
          counts.add("scores") { $0.appendJSON(scores) }
        })
    }
    return json
  }

  private func addTarget(to report: inout JSONObjectWriter) {
    guard let precisionTarget else { return }
    let found = summary.threshold(forPrecision: precisionTarget)
    report.add(
      "precision_target",
      object: {
        $0.add("precision", precisionTarget)
        $0.add("threshold", found.map { $0.threshold - 1 } ?? .nan)
        $0.add("recall", found?.recall ?? .nan)
      })
  }

  private func add(_ figures: Figures, to object: inout JSONObjectWriter) {
    object.add("threshold", figures.threshold)
    object.add("accuracy", figures.accuracy ?? .nan)
    object.add("precision", figures.precision ?? .nan)
    object.add("recall", figures.recall ?? .nan)
    object.add("f1", figures.f1 ?? .nan)
  }
  /// Whether JSON is that of a report on pairs, damaged or not.
  public static func isReport(_ json: JSON) -> Bool { json["counts"]?["pair_labels"] != nil }

  /// The report that `json` was made of.
  /// - Throws: `RecordError` when it is no such report, or does not agree with itself.
  public init(json text: Bytes) throws(RecordError) {
    let document = try JSONDocument(text)
    let json = document.root
    func damaged(_ field: String) -> RecordError { ClassificationReport.damaged(field) }
    guard let counts = json["counts"], Self.isReport(json) else { throw RecordError("not a JSON report on pairs") }
    guard counts["version"]?.integer == ClassificationReport.version else {
      throw RecordError("the report was made by another version of predict")
    }
    guard let names = counts["pair_labels"]?.strings, names.count == 2 else { throw damaged("counts") }
    guard let threshold = json["threshold"]?.number, PairReport.thresholds.contains(threshold) else {
      throw damaged("threshold")
    }
    self.init(labels: names, threshold: threshold)
    guard let rows = json["confusion"]?.items, rows.count == 2 else { throw damaged("confusion") }
    var confusion: [[Int]] = []
    for row in rows {
      guard let numbers = row.integers, numbers.count == 2, numbers.allSatisfy({ JSON.counts ~= $0 }) else {
        throw damaged("confusion")
      }
      confusion.append(numbers)
    }
    self.confusion = confusion
    guard try json.count("records") == records else { throw damaged("records") }
    guard let list = counts["scores"] else { throw damaged("counts") }
    try scores.add(list, total: records)
    let totals = scores.totals
    guard [totals.negatives, totals.positives] == confusion.map({ $0.reduce(0, +) }) else { throw damaged("counts") }
  }
}
