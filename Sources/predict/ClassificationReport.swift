import Neural

/// Accuracy, a line of figures for every class, and the confusion matrix as text.
func classificationReport(_ matrix: ConfusionMatrix, labels: [String]?) -> String {
  let classes = 0..<matrix.classes
  let names = labels ?? classes.map { "\($0)" }
  let width = max(names.map(\.count).max() ?? 0, 5) + 2
  func row(_ name: String, _ cells: [String]) -> String {
    pad(name, width) + cells.map { pad($0, max(width, 11), right: true) }.joined() + "\n"
  }
  var text = "accuracy \(figure(matrix.accuracy)) (\(matrix.right) of \(matrix.total))\n\n"
  text += row("class", ["precision", "recall", "F1", "records"])
  for label in classes {
    let figures = [matrix.precision(label), matrix.recall(label), matrix.f1(label)].map(figure)
    text += row(names[label], figures + ["\(matrix.support(label))"])
  }
  text += "\nlabels (down) and predictions (across)\n" + row("", names)
  for label in classes { text += row(names[label], classes.map { "\(matrix[label, $0])" }) }
  return text
}

private func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
  let space = String(repeating: " ", count: max(width - text.count, right ? 1 : 0))
  return right ? space + text : text + space
}

/// A share with four decimals.
private func figure(_ share: Double) -> String {
  let digits = "\(Int((share * 10_000).rounded()))"
  let filled = String(repeating: "0", count: max(5 - digits.count, 0)) + digits
  return filled.dropLast(4) + "." + filled.suffix(4)
}
