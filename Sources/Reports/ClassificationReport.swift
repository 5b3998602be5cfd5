import Neural

/// What is said of predictions whose labels are known.
///
/// Tables are as long as a person reads: the matrix is there for up to 50 classes, for more the 50 confusions that
/// occur most often; and of more than 1,000 classes those with the most records are shown.
public struct ClassificationReport: Sendable {
  /// The predictions that were made.
  private(set) var matrix: ConfusionMatrix
  private(set) var calibration = Calibration()
  /// The records for which no class was probable enough.
  private(set) var abstentions = 0
  let names: [String]
  private static let largestMatrix = 50, mostConfusions = 50, mostClasses = 1000

  /// A report of no records yet, on classes that have names or are numbered.
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

  /// A metric of every class by its name, in the order of columns.
  var columns: [(name: String, of: (Int) -> Double)] {
    [("precision", matrix.precision), ("recall", matrix.recall), ("F1", matrix.f1)]
  }

  /// Whether no record was counted, so that there is nothing to say.
  public var isEmpty: Bool { matrix.total + abstentions == 0 }

  var showsMatrix: Bool { names.count <= Self.largestMatrix }

  var headline: String {
    let accuracy = matrix.total > 0 ? fixed(matrix.accuracy, decimals: 4) : "undefined"
    var line = "accuracy \(accuracy) (\(matrix.right) of \(matrix.total))"
    if abstentions > 0 { line += "; \(abstentions) of \(matrix.total + abstentions) records left open" }
    return line
  }

  /// The rows of the table of classes: name, metrics, and the number of records.
  func rows(_ labels: some Collection<Int>) -> [(name: String, metrics: [Double], records: Int)] {
    labels.map { label in (names[label], columns.map { $0.of(label) }, matrix.support(label)) } + [
      ("macro average", columns.map { matrix.mean($0.of) }, matrix.total),
      ("weighted average", columns.map { matrix.mean($0.of, bySupport: true) }, matrix.total),
    ]
  }

  /// The classes that a person is shown, in their order, and what is said where they are not all.
  var shown: (labels: [Int], remark: String?) {
    guard names.count > Self.mostClasses else { return (Array(names.indices), nil) }
    let sorted = names.indices.sorted { (matrix.support($1), $0) < (matrix.support($0), $1) }
    return (
      sorted.prefix(Self.mostClasses).sorted(),
      "the \(Self.mostClasses) of \(names.count) classes with the most records"
    )
  }

  /// The confusions that a person is shown instead of a large matrix, as cells of a table, and how they are called.
  var confusions: (title: String, rows: [[String]]) {
    let wrong = matrix.confusions(most: Self.mostConfusions)
    let all = matrix.cells.keys.count { $0.label != $0.prediction }
    return (
      "labels and other predictions that occur most often, \(wrong.count) of \(all)",
      wrong.map { [names[$0.cell.label], names[$0.cell.prediction], "\($0.examples)"] }
    )
  }
}
