extension HTMLPage {
  /// How many curves a chart has at most; more can't be told apart.
  private static let mostCurves = 6

  /// Adds charts of the ROC and the precision-recall curves of classes; of many classes those with the most examples.
  mutating func addCurves(_ curves: [(name: String, summary: ScoreSummary)]) {
    let order = curves.indices.sorted { (curves[$1].summary.positives, $0) < (curves[$0].summary.positives, $1) }
    let shown = order.prefix(Self.mostCurves).sorted().map { curves[$0] }
    if shown.count < curves.count {
      add(paragraph: "The curves are those of the \(shown.count) classes with the most records.")
    }
    var roc = LineChart(
      "ROC: what is found of a class, and what else is", xLabel: "share of the rest taken for the class",
      yLabel: "share of the class found (recall)",
      series: shown.map { .init($0.name, $0.summary.roc) } + [.init("by chance", [(0, 0), (1, 1)])], xRange: 0...1,
      yRange: 0...1)
    roc.description =
      "Areas under the curves: " + shown.map { "\($0.name) \(figure($0.summary.rocAUC))" }.joined(separator: ", ")
    add(roc)
    var precision = LineChart(
      "Precision and recall at every threshold", xLabel: "share of the class found (recall)", yLabel: "precision",
      series: shown.map { .init($0.name, $0.summary.precisionOverRecall) }, xRange: 0...1, yRange: 0...1)
    precision.description =
      "Average precision: " + shown.map { "\($0.name) \(figure($0.summary.averagePrecision))" }.joined(separator: ", ")
    add(precision)
  }
}
