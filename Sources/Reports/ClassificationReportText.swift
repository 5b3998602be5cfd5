import Neural

extension ClassificationReport {
  /// Tables for a terminal.
  public var text: String {
    let (labels, remark) = shown
    let width = max((labels.map { names[$0].count }.max() ?? 0), 16) + 2
    func line(_ name: String, _ cells: [String]) -> String {
      pad(name, width) + cells.map { pad($0, max($0.count + 2, 11), right: true) }.joined() + "\n"
    }
    var text = headline + "\n\n" + line("class", columns.map(\.name) + ["records"])
    for row in rows(labels) { text += line(row.name, row.metrics.map { fixed($0, decimals: 4) } + ["\(row.records)"]) }
    if let remark { text += "(\(remark))\n" }
    if showsMatrix {
      text += "\nlabels (down) and predictions (across)\n" + line("", names)
      for label in names.indices {
        text += line(
          names[label], names.indices.map { pad("\(matrix[label, $0])", names[$0].count, right: true) })
      }
    } else {
      let (title, rows) = confusions
      text += "\n\(title)\n" + pad("label", width) + pad("prediction", width) + "    records\n"
      for row in rows { text += pad(row[0], width) + pad(row[1], width) + pad(row[2], 11, right: true) + "\n" }
    }
    text += "\ncalibration: expected error \(fixed(calibration.expectedError, decimals: 4))\n"
    text += line("confidence", ["mean", "accuracy", "records"])
    for bin in calibration.bins where bin.count > 0 {
      text += line(
        range(bin), [fixed(bin.confidence, decimals: 4), fixed(bin.accuracy, decimals: 4), "\(bin.count)"])
    }
    return text
  }

  private func range(_ bin: Calibration.Bin) -> String {
    "\(fixed(bin.low, decimals: 1)) to \(fixed(bin.high, decimals: 1))"
  }
}

private func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
  let space = String(repeating: " ", count: max(width - text.count, 0))
  return right ? space + text : text + space
}
