import Glibc
import Neural

/// What is said of predictions whose labels are known.
///
/// It is the same for any order of the records, and parts of them can be counted apart and added. Tables are as long as
/// a person reads: the matrix, and the curves, are there for up to 50 classes, for more the 50 confusions that occur
/// most often; and of more than 1,000 classes those with the most records are shown.
public struct ClassificationReport: Sendable {
  /// The names of the classes.
  public let names: [String]
  /// The predictions that were made.
  var matrix: ConfusionMatrix
  var calibration = Calibration()
  /// The records for which no class was probable enough.
  var abstentions = 0
  /// The records that told the probability of every class; the next three are of those.
  var scored = 0
  var logLosses = ExactSum(), brierScores = ExactSum()
  /// The probabilities of each class of `curveClasses`.
  var scores: [ScoreCounts]
  package var worst: WorstErrors<WrongPrediction>
  /// The precision for which the threshold is looked up, if that is asked for.
  public var precisionTarget: Double?
  /// Whether the text lists the worst errors; pages and JSON have them always.
  public var listsWorst = false
  /// By class, the words that speak most for it, the first most, and how much; for the page.
  public var topTokens: [[(token: String, nats: Double)]] = []
  static let largestMatrix = 50, mostConfusions = 50, mostClasses = 1000
  /// How many scores are held at most, in all curves together: a JSON report of them has 30 MB.
  private static let mostScores = 1 << 20
  /// The least probability that a log loss is taken of, as in scikit-learn: 2⁻⁵².
  private static let leastProbability = Double.ulpOfOne

  /// A report of no records yet, on classes that have names or are numbered.
  /// - Parameter worst: How many of the most confident errors are kept.
  public init(labels: [String]?, classes: Int, worst: Int = 10) {
    matrix = ConfusionMatrix(classes: classes)
    names = labels ?? (0..<classes).map { "\($0)" }
    let curves = Self.curveClasses(of: classes).count
    scores = [ScoreCounts](repeating: ScoreCounts(limit: Self.mostScores / max(curves, 1)), count: curves)
    self.worst = WorstErrors(limit: worst)
  }

  /// The classes that have curves, each against the rest: of two only the second, which tells all of the first.
  private static func curveClasses(of classes: Int) -> Range<Int> {
    classes == 2 ? 1..<2 : classes > 2 && classes <= largestMatrix ? 0..<classes : 0..<0
  }
  var curveClasses: Range<Int> { Self.curveClasses(of: names.count) }

  /// Counts a record; without a prediction, as an abstention.
  /// - Parameters:
  ///   - confidence: The probability of the prediction.
  ///   - probabilities: Those of all classes, if they are known.
  ///   - text: What a person is shown if this is one of the worst errors; it is made only then.
  /// - Precondition: The classes are those of the report.
  public mutating func add(
    label: Int, prediction: Int?, confidence: Double, probabilities: [Double]? = nil, text: () -> String = { "" }
  ) {
    if let probabilities { add(label: label, probabilities) }
    guard let prediction else {
      abstentions += 1
      return
    }
    matrix.add(label: label, prediction: prediction)
    calibration.add(confidence: confidence, isRight: label == prediction)
    if label != prediction, worst.has(roomFor: confidence) {
      worst.add(WrongPrediction(label: label, prediction: prediction, confidence: confidence, text: text()))
    }
  }

  private mutating func add(label: Int, _ probabilities: [Double]) {
    precondition(probabilities.count == names.count, "\(probabilities.count) probabilities of \(names.count) classes")
    scored += 1
    logLosses.add(-log(max(probabilities[label], Self.leastProbability)))
    if names.count == 2 {
      let distance = probabilities[1] - Double(label)
      brierScores.add(distance * distance)
    } else {
      brierScores.add(
        probabilities.indices.reduce(0.0) { sum, index in
          let distance = probabilities[index] - (index == label ? 1 : 0)
          return sum + distance * distance
        })
    }
    for (index, score) in zip(scores.indices, curveClasses) {
      scores[index].add(probabilities[score], isPositive: label == score)
    }
  }

  /// Adds what another report has counted.
  /// - Precondition: It is on the same classes.
  public mutating func add(_ other: ClassificationReport) {
    precondition(other.names == names, "reports on other classes can't be added")
    matrix.add(other.matrix)
    calibration.add(other.calibration)
    abstentions += other.abstentions
    scored += other.scored
    logLosses.add(other.logLosses)
    brierScores.add(other.brierScores)
    for index in scores.indices { scores[index].add(other.scores[index]) }
    worst.add(other.worst)
  }

  /// How many of the most confident errors are kept.
  public var worstLimit: Int { worst.limit }

  /// Keeps no more than so many of the most confident errors.
  public mutating func keepWorst(_ count: Int) { worst.keep(count) }

  /// A metric of every class by its name, in the order of columns.
  var columns: [(name: String, of: (Int) -> Double)] {
    [("precision", matrix.precision), ("recall", matrix.recall), ("F1", matrix.f1)]
  }

  /// The records that were counted.
  var records: Int { matrix.total + abstentions }

  /// Whether no record was counted, so that there is nothing to say.
  public var isEmpty: Bool { records == 0 }

  var showsMatrix: Bool { names.count <= Self.largestMatrix }

  var headline: String {
    let accuracy = matrix.total > 0 ? fixed(matrix.accuracy, decimals: 4) : "undefined"
    var line = "accuracy \(accuracy) (\(matrix.right) of \(matrix.total))"
    if abstentions > 0 { line += "; \(abstentions) of \(records) records left open" }
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
  /// - Parameter names: What the classes are called in the table.
  func confusions(_ names: [String]) -> (title: String, rows: [[String]]) {
    let wrong = matrix.confusions(most: Self.mostConfusions)
    let all = matrix.cells.keys.count { $0.label != $0.prediction }
    return (
      "labels and other predictions that occur most often, \(wrong.count) of \(all)",
      wrong.map { [names[$0.cell.label], names[$0.cell.prediction], "\($0.examples)"] }
    )
  }
}
