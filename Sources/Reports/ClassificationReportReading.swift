import Files
import JSONLines
import Neural

extension ClassificationReport {
  /// The report that `json` was made of.
  /// - Throws: `RecordError` when it is no such report, or does not agree with itself.
  public init(json text: Bytes) throws(RecordError) {
    let document = try JSONDocument(text)
    let root = document.root
    guard let counts = root["counts"], let rows = root["classes"]?.items, counts["version"]?.number != nil else {
      throw RecordError("not a JSON report of predict --report-file (or one of an older version)")
    }
    guard counts["version"]?.integer == Self.version else {
      throw RecordError("the report was made by another version of predict")
    }
    // The last two rows are the averages.
    let names = rows.dropLast(2).map { $0["name"]?.string }
    guard rows.count > 2, names.allSatisfy({ $0 != nil }) else { throw Self.damaged("classes") }
    self.init(labels: names.map { $0! }, classes: names.count, worst: try counts.count("worst", "counts"))
    abstentions = try root.count("abstentions")
    for cell in try Self.cells(root, classes: names.count) where cell[2] > 0 {
      matrix.add(label: cell[0], prediction: cell[1], count: cell[2])
    }
    guard try root.count("records") == matrix.total else { throw Self.damaged("records") }
    calibration = try Self.calibration(root, counts)
    guard calibration.bins.reduce(0, { $0 + $1.count }) == matrix.total,
      calibration.bins.reduce(0, { $0 + $1.right }) == matrix.right
    else { throw Self.damaged("reliability") }
    scored = try counts.count("scored", "counts")
    guard scored <= records else { throw Self.damaged("counts") }
    logLosses = try Self.sum(counts["log_losses"], atMost: 40 * scored, "counts")
    brierScores = try Self.sum(counts["brier_scores"], atMost: 4 * scored, "counts")
    try readScores(counts)
    try readWorstErrors(root)
  }

  static func damaged(_ field: String) -> RecordError { RecordError("the report is damaged: its field \"\(field)\"") }

  private static func cells(_ root: JSON, classes: Int) throws(RecordError) -> [[Int]] {
    var cells: [[Int]] = []
    let name = classes <= largestMatrix ? "confusion_matrix" : "confusion_cells"
    guard let rows = root[name]?.items else { throw damaged(name) }
    if classes <= largestMatrix, rows.count != classes { throw damaged(name) }
    for (index, row) in rows.enumerated() {
      guard let numbers = row.integers else { throw damaged(name) }
      if classes <= largestMatrix {
        guard numbers.count == classes else { throw damaged(name) }
        cells += numbers.enumerated().map { [index, $0, $1] }
      } else {
        guard numbers.count == 3, numbers.prefix(2).allSatisfy((0..<classes).contains) else { throw damaged(name) }
        cells.append(numbers)
      }
    }
    guard cells.allSatisfy({ JSON.counts ~= $0[2] }) else { throw damaged(name) }
    return cells
  }

  /// What a report says of how right and how sure the model is.
  static func calibration(_ root: JSON, _ counts: JSON) throws(RecordError) -> Calibration {
    var calibration = Calibration()
    guard let bins = root["reliability"]?.items, bins.count == calibration.bins.count,
      let right = counts["right"]?.integers,
      right.count == bins.count, let confidences = counts["confidences"]?.items, confidences.count == bins.count
    else { throw damaged("reliability") }
    for index in bins.indices {
      guard let numbers = bins[index].numbers, let count = numbers.last.flatMap({ Int(exactly: $0) }),
        JSON.counts ~= count,
        0...count ~= right[index]
      else { throw damaged("reliability") }
      let sum = try sum(confidences[index], atMost: count, "counts")
      calibration.add(toBin: index, count: count, right: right[index], confidences: sum)
    }
    return calibration
  }

  private mutating func readScores(_ counts: JSON) throws(RecordError) {
    guard let lists = counts["scores"]?.items, lists.count == scores.count else { throw Self.damaged("counts") }
    for (index, list) in lists.enumerated() { try scores[index].add(list, total: scored) }
  }

  private mutating func readWorstErrors(_ root: JSON) throws(RecordError) {
    guard let errors = root["worst_errors"]?.items, errors.count == min(worst.limit, matrix.total - matrix.right) else {
      throw Self.damaged("worst_errors")
    }
    for error in errors {
      guard let label = error["label"]?.integer, let prediction = error["prediction"]?.integer, label != prediction,
        names.indices.contains(label), names.indices.contains(prediction),
        let probability = error["probability"]?.number, 0...2 ~= probability, let text = error["text"]?.string
      else { throw Self.damaged("worst_errors") }
      worst.add(WrongPrediction(label: label, prediction: prediction, confidence: probability, text: text))
    }
  }

  /// A sum in units of 2⁻⁶⁴, written as a string, since it is too long for a number of JSON.
  static func sum(_ value: JSON?, atMost most: Int, _ field: String) throws(RecordError) -> ExactSum {
    guard let units = value?.string.flatMap({ UInt128($0) }), units <= UInt128(most) << 64 else { throw damaged(field) }
    return ExactSum(units: units)
  }
}

extension JSON {
  /// How many records a report may count: many of them can still be added.
  static let counts = 0...(1 << 40)

  /// The number of records in a field.
  func count(_ field: String, _ outer: String? = nil) throws(RecordError) -> Int {
    guard let count = self[field]?.integer, JSON.counts ~= count else {
      throw ClassificationReport.damaged(outer ?? field)
    }
    return count
  }
}

extension ScoreCounts {
  /// Adds the counts that `appendJSON` has written, of so many examples.
  /// - Throws: `RecordError` when they are damaged.
  mutating func add(_ json: JSON, total: Int) throws(RecordError) {
    guard let digits = json["lost_digits"]?.integer, 0...63 ~= digits, let scores = json["scores"]?.numbers,
      let negatives = json["negatives"]?.integers, let positives = json["positives"]?.integers,
      scores.count <= limit, scores.count == negatives.count, scores.count == positives.count,
      scores.allSatisfy({ 0...2 ~= $0 }), (negatives + positives).allSatisfy({ JSON.counts ~= $0 }),
      zip(scores, scores.dropFirst()).allSatisfy({ $0 < $1 }),
      (negatives + positives).reduce(0, +) == total
    else { throw ClassificationReport.damaged("counts") }
    let entries = zip(scores, zip(negatives, positives)).map {
      Entry(score: $0, negatives: $1.0, positives: $1.1)
    }
    add(entries, lostDigits: digits)
  }
}
