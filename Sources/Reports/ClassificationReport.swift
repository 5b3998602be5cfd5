import JSONLines
import Neural

/// What is said of predictions whose labels are known.
///
/// Tables are as long as a person reads: the matrix is there for up to 50 classes, for more the 50 confusions that occur most
/// often; and of more than 1,000 classes those with the most records are shown.
public struct ClassificationReport {
  /// The predictions that were made.
  private(set) var matrix: ConfusionMatrix
  private(set) var calibration = Calibration()
  /// The records for which no class was probable enough.
  private(set) var abstentions = 0
  private let names: [String]
  private static let largestMatrix = 50, mostConfusions = 50, mostClasses = 1000

  public init(labels: [String]?, classes: Int) {
    matrix = ConfusionMatrix(classes: classes)
    names = labels ?? (0..<classes).map { "\($0)" }
  }

  /// Counts a record; without a prediction, as an abstention.
  public mutating func add(label: Int, prediction: Int?, confidence: Double) {
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

  /// Whether no record was counted, so that there is nothing to say.
  public var isEmpty: Bool { matrix.total + abstentions == 0 }

  private var showsMatrix: Bool { names.count <= Self.largestMatrix }

  private var headline: String {
    let accuracy = matrix.total > 0 ? fixed(matrix.accuracy, decimals: 4) : "undefined"
    var line = "accuracy \(accuracy) (\(matrix.right) of \(matrix.total))"
    if abstentions > 0 { line += "; \(abstentions) of \(matrix.total + abstentions) records left open" }
    return line
  }

  /// The rows of the table of classes: name, figures, and the number of records.
  private func rows(_ labels: some Collection<Int>) -> [(name: String, figures: [Double], records: Int)] {
    labels.map { label in (names[label], columns.map { $0.of(label) }, matrix.support(label)) } + [
      ("macro average", columns.map { matrix.mean($0.of) }, matrix.total),
      ("weighted average", columns.map { matrix.mean($0.of, bySupport: true) }, matrix.total),
    ]
  }

  /// The classes that a person is shown, in their order, and what is said where they are not all.
  private var shown: (labels: [Int], remark: String?) {
    guard names.count > Self.mostClasses else { return (Array(names.indices), nil) }
    let sorted = names.indices.sorted { (matrix.support($1), $0) < (matrix.support($0), $1) }
    return (
      sorted.prefix(Self.mostClasses).sorted(),
      "the \(Self.mostClasses) of \(names.count) classes with the most records"
    )
  }

  /// The confusions that a person is shown in the place of a large matrix, as cells of a table, and how they are called.
  private var confusions: (title: String, rows: [[String]]) {
    let wrong = matrix.confusions(most: Self.mostConfusions)
    let all = matrix.cells.keys.count { $0.label != $0.prediction }
    return (
      "labels and other predictions that occur most often, \(wrong.count) of \(all)",
      wrong.map { [names[$0.cell.label], names[$0.cell.prediction], "\($0.examples)"] }
    )
  }

  /// Tables for a terminal.
  public var text: String {
    let (labels, remark) = shown
    let width = max((labels.map { names[$0].count }.max() ?? 0), 16) + 2
    func line(_ name: String, _ cells: [String]) -> String {
      pad(name, width) + cells.map { pad($0, max($0.count + 2, 11), right: true) }.joined() + "\n"
    }
    var text = headline + "\n\n" + line("class", columns.map(\.name) + ["records"])
    for row in rows(labels) { text += line(row.name, row.figures.map { fixed($0, decimals: 4) } + ["\(row.records)"]) }
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

  /// All figures as one JSON object.
  public var json: [UInt8] {
    var json: [UInt8] = []
    json.append("{\"accuracy\":")
    json.appendJSON(matrix.total > 0 ? matrix.accuracy : .nan)
    json.append(",\"records\":")
    json.appendJSON(matrix.total)
    json.append(",\"abstentions\":")
    json.appendJSON(abstentions)
    json.append(",\"classes\":")
    json.appendJSON(list: rows(names.indices)) { json, row in
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
    if showsMatrix {
      json.append(",\"confusion_matrix\":")
      json.appendJSON(list: names.indices) { json, label in
        json.appendJSON(list: names.indices) { $0.appendJSON(matrix[label, $1]) }
      }
    } else {
      // Of a large matrix, the cells that occur: label, prediction, records.
      json.append(",\"confusion_cells\":")
      let cells = matrix.cells.map { [$0.key.label, $0.key.prediction, $0.value] }
      json.appendJSON(list: cells.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }) { json, cell in
        json.appendJSON(list: cell) { $0.appendJSON($1) }
      }
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
  public var html: String {
    func row(_ cells: [String], _ tag: String = "td") -> String {
      "<tr>" + cells.enumerated().map { $0 == 0 ? "<th scope=\"row\">\($1)</th>" : "<\(tag)>\($1)</\(tag)>" }.joined()
        + "</tr>\n"
    }
    let (labels, remark) = shown
    let classes = rows(labels).map {
      row([escaped($0.name)] + $0.figures.map { fixed($0, decimals: 4) } + ["\($0.records)"])
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
      td,th{padding:5px 10px;text-align:right;border:1px solid #ddd;font-weight:normal} th{text-align:left;background:#f5f5f5}
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
      <p>Expected calibration error \(fixed(calibration.expectedError, decimals: 4)): how far confidence and accuracy lie apart on
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

private func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
  let space = String(repeating: " ", count: max(width - text.count, 0))
  return right ? space + text : text + space
}
