import Neural

extension ClassificationReport {
  /// A page that stands alone: tables of the classes, the confusion matrix, curves, calibration, and the worst errors.
  public var html: String {
    var page = HTMLPage("Classification report")
    page.add(paragraph: headline)
    addClasses(to: &page)
    addConfusions(to: &page)
    addProbabilities(to: &page)
    addCalibration(to: &page)
    addWorstErrors(to: &page)
    page.addWords(topTokens, of: names)
    return page.text
  }

  private func addClasses(to page: inout HTMLPage) {
    let (labels, remark) = shown
    page.add(heading: "Classes")
    page.addTable(
      remark.map { "Each class: \($0)" } ?? "Each class", headings: ["class"] + columns.map(\.name) + ["records"],
      rows: zip(labels.map { numbered[$0] } + ["macro average", "weighted average"], rows(labels)).map {
        HTMLPage.row($0, $1.metrics.map { fixed($0, decimals: 4) } + ["\($1.records)"])
      })
  }

  private func addConfusions(to page: inout HTMLPage) {
    guard showsMatrix else {
      page.add(heading: "Labels and other predictions that occur most often")
      let (title, rows) = confusions(numbered)
      page.addTable(
        title, headings: ["label", "prediction", "records"],
        rows: rows.map { HTMLPage.row($0[0], Array($0.dropFirst())) })
      return
    }
    page.add(heading: "Labels (down) and predictions (across)")
    page.addTable(
      "Records by label and prediction, and their share of the label's", headings: ["label"] + numbered,
      rows: matrixRows,
      kind: "matrix", rotated: names.count > 4 || names.contains { $0.count > 10 })
  }

  /// The names of the classes, with their numbers where some are too long for the matrix.
  private var numbered: [String] { TextTable.numbered(names, width: HTMLPage.shortest) }

  /// The rows of the confusion matrix: darker is a larger share of the label's records.
  private var matrixRows: [String] {
    let numbered = numbered
    return names.indices.map { label in
      let all = max(names.indices.reduce(0) { $0 + matrix[label, $1] }, 1)
      return "<tr><th scope=\"row\">\(HTMLPage.shortened(numbered[label]))</th>"
        + names.indices.map { prediction in
          let count = matrix[label, prediction]
          let share = Double(count) / Double(all)
          return
            "<td style=\"--share:\(fixed(0.9 * share, decimals: 2))\"\(0.9 * share > 0.75 ? " class=\"full\"" : "")>"
            + "\(count)\(count > 0 ? " <small>\(fixed(100 * share, decimals: 0))%</small>" : "")</td>"
        }.joined() + "</tr>\n"
    }
  }

  private func addProbabilities(to page: inout HTMLPage) {
    let numbered = numbered
    page.add(heading: "Probabilities")
    guard let figures else {
      page.add(paragraph: lackOfFigures + ".")
      return
    }
    page.add(
      paragraph:
        "Log loss \(fixed(figures.logLoss, decimals: 4)), Brier score \(fixed(figures.brierScore, decimals: 4)).")
    guard !figures.curves.isEmpty else { return }
    page.add(
      paragraph: "ROC AUC \(figure(figures.rocAUC)), average precision \(figure(figures.averagePrecision)) "
        + "(\(figures.remark)).")
    var headings = ["class", "ROC AUC", "average precision"]
    var caption = "Each class against the rest"
    if let precisionTarget {
      headings += ["threshold", "recall"]
      caption += ", and the lowest threshold for a precision of \(precisionTarget) with the recall there"
    }
    page.addTable(
      caption, headings: headings,
      rows: figures.curves.map { curve in
        var cells = [figure(curve.summary.rocAUC), figure(curve.summary.averagePrecision)]
        if let precisionTarget {
          let found = curve.summary.threshold(forPrecision: precisionTarget)
          cells += [figure(found?.threshold), figure(found?.recall)]
        }
        return HTMLPage.row(numbered[curve.label], cells)
      })
    page.addCurves(figures.curves.map { (numbered[$0.label], $0.summary) })
  }

  private func addCalibration(to page: inout HTMLPage) {
    page.add(
      heading: "Calibration",
      "Expected calibration error \(fixed(calibration.expectedError, decimals: 4)): how far confidence and accuracy lie "
        + "apart on average.")
    page.add(
      calibration,
      .init(
        counted: "records", right: "right", wrong: "wrong", sureness: "confidence", share: "accuracy",
        title: "Confidence of right and wrong predictions"))
  }

  private func addWorstErrors(to page: inout HTMLPage) {
    guard worst.limit > 0 else { return }
    page.addWorst(
      worst.errors, "The most confident wrong predictions", first: "label", second: "prediction",
      none: "No prediction was wrong."
    ) { (names[$0.label], names[$0.prediction], fixed($0.confidence, decimals: 4), $0.text) }
  }
}
