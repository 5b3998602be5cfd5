import Neural

extension ClassificationReport {
  /// A page that stands alone, with the confusion matrix and the reliability diagram.
  public var html: String {
    func row(_ cells: [String], _ tag: String = "td") -> String {
      "<tr>" + cells.enumerated().map { $0 == 0 ? "<th scope=\"row\">\($1)</th>" : "<\(tag)>\($1)</\(tag)>" }.joined()
        + "</tr>\n"
    }
    let (labels, remark) = shown
    let classes = rows(labels).map {
      row([escaped($0.name)] + $0.metrics.map { fixed($0, decimals: 4) } + ["\($0.records)"])
    }
    let heading =
      showsMatrix ? "Labels (down) and predictions (across)" : "Labels and other predictions that occur most often"
    let confusion =
      showsMatrix
      ? [row([""] + names.map(escaped), "th")] + matrixRows
      : [row(["label", "prediction", "records"], "th")] + confusions.rows.map { row($0.map(escaped)) }
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>Classification report</title>
      <style>
      body{font:16px/1.45 sans-serif;color:#222;max-width:680px;margin:24px auto;padding:0 16px}
      .wide{overflow-x:auto} table{border-collapse:collapse;margin:8px 0 24px}
      td,th{padding:5px 10px;text-align:right;border:1px solid #ddd;font-weight:normal} \
      th{text-align:left;background:#f5f5f5}
      svg{max-width:100%;height:auto}
      </style></head><body>
      <h1>Classification report</h1>
      <p>\(escaped(headline))</p>
      <h2>Classes</h2>
      <div class="wide"><table>
      \(row(["class"] + columns.map(\.name) + ["records"], "th"))\(classes.joined())</table></div>
      \(remark.map { "<p>These are \($0).</p>\n" } ?? "")<h2>\(heading)</h2>
      <div class="wide"><table>
      \(confusion.joined())</table></div>
      <h2>Calibration</h2>
      <p>Expected calibration error \(fixed(calibration.expectedError, decimals: 4)): how far confidence and accuracy \
      lie apart on
      average.</p>
      \(reliability.svg())
      </body></html>

      """
  }

  /// The rows of the confusion matrix in the page: darker is more, and the number says how many.
  private var matrixRows: [String] {
    let largest = max(matrix.cells.values.max() ?? 0, 1)
    return names.indices.map { label in
      "<tr><th scope=\"row\">\(escaped(names[label]))</th>"
        + names.indices.map { prediction in
          let count = matrix[label, prediction]
          let share = Double(count) / Double(largest)
          let ink = share > 0.55 ? "#fff" : "#222"
          return "<td style=\"background:rgba(0,80,140,\(fixed(0.9 * share, decimals: 2)));color:\(ink)\" "
            + "title=\"label \(escaped(names[label])), predicted \(escaped(names[prediction]))\">\(count)</td>"
        }.joined() + "</tr>\n"
    }
  }

  /// The share of right predictions over the confidence with which they were made.
  private var reliability: LineChart {
    let points = calibration.bins.filter { $0.count > 0 }.map { (x: $0.confidence, y: $0.accuracy) }
    return LineChart(
      "Reliability: is the model as right as it is sure?", xLabel: "confidence", yLabel: "share that is right",
      series: [.init("predictions", points, isMarked: true), .init("perfect", [(0, 0), (1, 1)])],
      xRange: 0...1, yRange: 0...1)
  }
}
