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

  /// The whole report as one JSON object.
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
    return json
  }

  private func add(_ figures: Figures, to object: inout JSONObjectWriter) {
    object.add("threshold", figures.threshold)
    object.add("accuracy", figures.accuracy ?? .nan)
    object.add("precision", figures.precision ?? .nan)
    object.add("recall", figures.recall ?? .nan)
    object.add("f1", figures.f1 ?? .nan)
  }
}
