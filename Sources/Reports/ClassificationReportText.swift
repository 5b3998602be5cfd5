import Neural

extension ClassificationReport {
  /// Tables for a terminal of 80 columns.
  public var text: String {
    let (labels, remark) = shown
    let numbered = TextTable.numbered(names)
    let table = TextTable(names: labels.map { numbered[$0] })
    var text = headline + "\n\n" + table.line("class", columns.map(\.name) + ["records"])
    for (index, row) in rows(labels).enumerated() {
      let name = index < labels.count ? numbered[labels[index]] : row.name
      text += table.line(name, row.metrics.map { fixed($0, decimals: 4) } + ["\(row.records)"])
    }
    if let remark { text += "(\(remark))\n" }
    if showsMatrix {
      text += "\nlabels (down) and predictions (across)\n" + matrixText(table)
    } else {
      let (title, rows) = confusions(numbered)
      let width = min(table.width, (terminalWidth - 11) / 2)
      text += "\n\(title)\n" + pad("label", width) + pad("prediction", width) + "    records\n"
      for row in rows {
        text += row.prefix(2).map { pad(cut($0, width - 2), width) }.joined() + pad(row[2], 11, right: true) + "\n"
      }
    }
    text += probabilitiesText + calibrationText
    if listsWorst { text += worstText }
    return text
  }

  /// The confusion matrix; where it is wider than the terminal, with numbers instead of names above the columns, and in
  /// several parts.
  private func matrixText(_ table: TextTable) -> String {
    let names = names.map(oneLine)
    let widths = names.map { max($0.count + 2, 11) }
    if table.width + widths.reduce(0, +) <= terminalWidth, names.allSatisfy({ $0.count <= table.width - 2 }) {
      return table.line("", names)
        + names.indices.map { label in
          table.line(names[label], names.indices.map { "\(matrix[label, $0])" }, headings: names)
        }.joined()
    }
    let digits = "\(names.count)".count
    let cell = max("\(matrix.cells.values.max() ?? 0)".count, digits) + 2
    let title = 24
    let count = max((terminalWidth - title) / cell, 1)
    return stride(from: 0, to: names.count, by: count).map { first in
      let across = first..<min(first + count, names.count)
      return pad("", title) + across.map { pad("\($0)", cell, right: true) }.joined() + "\n"
        + names.indices.map { label in
          pad(pad("\(label)", digits, right: true) + " " + cut(names[label], title - digits - 2), title)
            + across.map { pad("\(matrix[label, $0])", cell, right: true) }.joined() + "\n"
        }.joined()
    }.joined(separator: "\n")
  }

  /// What the probabilities of all classes tell.
  private var probabilitiesText: String {
    guard let figures else { return scored > 0 ? "\n(\(lackOfFigures))\n" : "" }
    var text = "\nlog loss \(fixed(figures.logLoss, decimals: 4)), "
    text += "Brier score \(fixed(figures.brierScore, decimals: 4))\n"
    guard !figures.curves.isEmpty else { return text }
    text += "ROC AUC \(figure(figures.rocAUC)), average precision (AP) \(figure(figures.averagePrecision))\n"
    text += "(\(beginning(figures.remark, terminalWidth - 2)))\n"
    guard figures.curves.count > 1 || precisionTarget != nil else { return text }
    let numbered = TextTable.numbered(names)
    let table = TextTable(names: figures.curves.map { numbered[$0.label] })
    var headings = ["ROC AUC", "AP"]
    if precisionTarget != nil { headings += ["threshold", "recall"] }
    if let precisionTarget {
      text += "\nlowest thresholds for a precision of \(precisionTarget), and the recall there\n"
    }
    if precisionTarget == nil { text += "\n" }
    text += table.line("class", headings)
    for curve in figures.curves {
      var cells = [figure(curve.summary.rocAUC), figure(curve.summary.averagePrecision)]
      if let precisionTarget {
        let found = curve.summary.threshold(forPrecision: precisionTarget)
        cells += [figure(found?.threshold), figure(found?.recall)]
      }
      text += table.line(numbered[curve.label], cells, headings: headings)
    }
    return text
  }

  private var calibrationText: String {
    let table = TextTable(names: [])
    let headings = ["mean", "accuracy", "records"]
    var text = "\ncalibration: expected error \(fixed(calibration.expectedError, decimals: 4))\n"
    text += table.line("confidence", headings)
    for bin in calibration.bins where bin.count > 0 {
      text += table.line(
        "\(fixed(bin.low, decimals: 1)) to \(fixed(bin.high, decimals: 1))",
        [fixed(bin.confidence, decimals: 4), fixed(bin.accuracy, decimals: 4), "\(bin.count)"], headings: headings)
    }
    return text
  }

  /// The worst errors, two lines each.
  private var worstText: String {
    var text = "\nmost confident errors\n"
    if worst.errors.isEmpty { text += "(none)\n" }
    for error in worst.errors {
      text +=
        cut(
          "\(fixed(error.confidence, decimals: 4))  label \(names[error.label]), predicted \(names[error.prediction])",
          terminalWidth) + "\n"
      let words = error.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      text += "        \(beginning(words, terminalWidth - 8))\n"
    }
    return text
  }
}
