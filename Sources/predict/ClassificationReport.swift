import Filters
import Neural
import Records

/// What is said of predictions whose labels are known.
struct ClassificationReport {
  /// The predictions that were made.
  private(set) var matrix: ConfusionMatrix
  private(set) var calibration = Calibration()
  /// The records for which no class was probable enough.
  private(set) var abstentions = 0
  private let names: [String]

  init(labels: [String]?, classes: Int) {
    matrix = ConfusionMatrix(classes: classes)
    names = labels ?? (0..<classes).map { "\($0)" }
  }

  /// Counts a record; without a prediction, as an abstention.
  mutating func add(label: Int, prediction: Int?, confidence: Double) {
    guard let prediction else {
      abstentions += 1
      return
    }
    matrix.add(label: label, prediction: prediction)
    calibration.add(confidence: confidence, isRight: label == prediction)
  }

  /// A figure of every class by its name, in the order of columns.
  private var columns: [(name: String, of: (Int) -> Double)] {
    [("precision", matrix.precision), ("recall", matrix.recall), ("F1", matrix.f1)]
  }

  private var headline: String {
    var line = "accuracy \(fixed(matrix.accuracy, decimals: 4)) (\(matrix.right) of \(matrix.total))"
    if abstentions > 0 { line += "; \(abstentions) of \(matrix.total + abstentions) records left open" }
    return line
  }

  /// The rows of the table of classes: name, figures, and the number of records.
  private var rows: [(name: String, figures: [Double], records: Int)] {
    names.indices.map { label in (names[label], columns.map { $0.of(label) }, matrix.support(label)) } + [
      ("macro average", columns.map { matrix.mean($0.of) }, matrix.total),
      ("weighted average", columns.map { matrix.mean($0.of, bySupport: true) }, matrix.total),
    ]
  }

  /// Tables for a terminal.
  var text: String {
    let width = max((names.map(\.count).max() ?? 0), 16) + 2
    func line(_ name: String, _ cells: [String]) -> String {
      pad(name, width) + cells.map { pad($0, max($0.count + 2, 11), right: true) }.joined() + "\n"
    }
    var text = headline + "\n\n" + line("class", columns.map(\.name) + ["records"])
    for row in rows { text += line(row.name, row.figures.map { fixed($0, decimals: 4) } + ["\(row.records)"]) }
    text += "\nlabels (down) and predictions (across)\n" + line("", names)
    for label in names.indices {
      text += line(
        names[label], names.indices.map { pad("\(matrix[label, $0])", names[$0].count, right: true) })
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

  /// All figures as one JSON object.
  var json: [UInt8] {
    var json: [UInt8] = []
    json.append("{\"accuracy\":")
    json.appendJSON(matrix.accuracy)
    json.append(",\"records\":")
    json.appendJSON(matrix.total)
    json.append(",\"abstentions\":")
    json.appendJSON(abstentions)
    json.append(",\"classes\":")
    json.appendJSON(list: rows) { json, row in
      json.append("{\"name\":")
      json.appendJSON(row.name)
      for (column, figure) in zip(columns, row.figures) {
        json.append(",")
        json.appendJSON(column.name.lowercased())
        json.append(":")
        json.appendJSON(figure)
      }
      json.append(",\"records\":")
      json.appendJSON(row.records)
      json.append("}")
    }
    json.append(",\"confusion_matrix\":")
    json.appendJSON(list: names.indices) { json, label in
      json.appendJSON(list: names.indices) { $0.appendJSON(matrix[label, $1]) }
    }
    json.append(",\"expected_calibration_error\":")
    json.appendJSON(calibration.expectedError)
    json.append(",\"reliability\":")
    json.appendJSON(list: calibration.bins) { json, bin in
      json.appendJSON(list: [bin.low, bin.high, bin.confidence, bin.accuracy, Double(bin.count)]) { $0.appendJSON($1) }
    }
    json.append("}\n")
    return json
  }

  /// A page that stands alone, with the confusion matrix and the reliability diagram.
  var html: String {
    let cell = names.indices.map { label in names.indices.map { matrix[label, $0] } }
    let largest = max(cell.joined().max() ?? 0, 1)
    func row(_ cells: [String], _ tag: String = "td") -> String {
      "<tr>" + cells.enumerated().map { $0 == 0 ? "<th scope=\"row\">\($1)</th>" : "<\(tag)>\($1)</\(tag)>" }.joined()
        + "</tr>\n"
    }
    let classes = rows.map { row([escaped($0.name)] + $0.figures.map { fixed($0, decimals: 4) } + ["\($0.records)"]) }
    let confusion = names.indices.map { label in
      "<tr><th scope=\"row\">\(escaped(names[label]))</th>"
        + cell[label].enumerated().map { prediction, count in
          // Darker is more; the number says how many.
          let share = Double(count) / Double(largest)
          let ink = share > 0.55 ? "#fff" : "#222"
          return "<td style=\"background:rgba(0,80,140,\(fixed(0.9 * share, decimals: 2)));color:\(ink)\" "
            + "title=\"label \(escaped(names[label])), predicted \(escaped(names[prediction]))\">\(count)</td>"
        }.joined() + "</tr>\n"
    }
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <title>Classification report</title>
      <style>
      body{font:16px/1.45 sans-serif;color:#222;max-width:680px;margin:24px auto;padding:0 16px}
      .wide{overflow-x:auto} table{border-collapse:collapse;margin:8px 0 24px}
      td,th{padding:5px 10px;text-align:right;border:1px solid #ddd;font-weight:normal} th{text-align:left;background:#f5f5f5}
      svg{max-width:100%;height:auto}
      </style></head><body>
      <h1>Classification report</h1>
      <p>\(escaped(headline))</p>
      <h2>Classes</h2>
      <div class="wide"><table>
      \(row(["class"] + columns.map(\.name) + ["records"], "th"))\(classes.joined())</table></div>
      <h2>Labels (down) and predictions (across)</h2>
      <div class="wide"><table>
      \(row([""] + names.map(escaped), "th"))\(confusion.joined())</table></div>
      <h2>Calibration</h2>
      <p>Expected calibration error \(fixed(calibration.expectedError, decimals: 4)): how far confidence and accuracy lie apart on
      average.</p>
      \(reliability.svg())
      </body></html>

      """
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

private func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
  let space = String(repeating: " ", count: max(width - text.count, 0))
  return right ? space + text : text + space
}
