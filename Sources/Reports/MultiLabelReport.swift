import Glibc
import Neural

/// What is said of predictions of several classes a record, or of none: each class is there or not by itself.
///
/// It is the same for any order of the records, and parts of them can be counted apart and added. The averages are
/// those of scikit-learn's `f1_score`: over all classes, those that do not occur with an F1 of 0.
public struct MultiLabelReport: Sendable {
  /// How often a class was rightly predicted, wrongly predicted, and missed.
  public struct ClassCounts: Sendable, Equatable {
    /// Records that have the class and were predicted to; that have it not, but were predicted to; that have it, but
    /// were not predicted to.
    public internal(set) var truePositives = 0, falsePositives = 0, falseNegatives = 0

    /// Of the records predicted to have the class, the share that has it; 0 without any, here and below.
    public var precision: Double { ratio(truePositives, truePositives + falsePositives) }
    /// Of the records that have the class, the share predicted to.
    public var recall: Double { ratio(truePositives, records) }
    /// The harmonic mean of the two: 2 TP / (2 TP + FP + FN).
    public var f1: Double { ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives) }
    /// The records that have the class.
    public var records: Int { truePositives + falseNegatives }

    static func += (sum: inout ClassCounts, other: ClassCounts) {
      sum.truePositives += other.truePositives
      sum.falsePositives += other.falsePositives
      sum.falseNegatives += other.falseNegatives
    }
  }

  /// The names of the classes.
  public let names: [String]
  /// The counts of each class.
  public internal(set) var classes: [ClassCounts]
  /// The records, and those all of whose classes were predicted and no others.
  public internal(set) var records = 0, exactMatches = 0
  var recordF1s = ExactSum()
  /// The records that told the probabilities; the next two are of those.
  var scored = 0
  var losses = ExactSum()
  var scores: [ScoreCounts]
  /// How often a class is there that is said to be there with some probability: a count for every record and class.
  package var calibration = Calibration()
  package var worst: WorstErrors<WrongLabel>
  /// The precision for which each class's threshold is looked up, if that is asked for.
  public var precisionTarget: Double?
  /// Whether the text lists the worst errors; pages and JSON have them always.
  public var listsWorst = false
  /// By class, the words that speak most for it, the first most, and how much; for the page.
  public var topTokens: [[(token: String, nats: Double)]] = []

  /// A report of no records yet, on classes that have names or are numbered.
  /// - Parameter worst: How many of the most confident errors are kept.
  public init(labels: [String]?, classes: Int, worst: Int = 10) {
    self.worst = WorstErrors(limit: worst)
    names = labels ?? (0..<classes).map { "\($0)" }
    self.classes = [ClassCounts](repeating: ClassCounts(), count: classes)
    let curves = classes <= ClassificationReport.largestMatrix ? classes : 0
    scores = [ScoreCounts](repeating: ScoreCounts(limit: (1 << 20) / max(curves, 1)), count: curves)
  }

  /// Counts a record.
  /// - Parameters:
  ///   - labels: The classes that it has.
  ///   - predictions: Those that it was predicted to have.
  ///   - probabilities: Those of all classes, if they are known; without them no error is among the worst.
  ///   - text: What a person is shown if this is one of the worst errors; it is made only then.
  /// - Precondition: The classes are those of the report.
  public mutating func add(
    labels: Set<Int>, predictions: Set<Int>, probabilities: [Double]? = nil, text: () -> String = { "" }
  ) {
    records += 1
    let found = labels.intersection(predictions)
    for label in found { classes[label].truePositives += 1 }
    for label in predictions.subtracting(labels) { classes[label].falsePositives += 1 }
    for label in labels.subtracting(predictions) { classes[label].falseNegatives += 1 }
    if labels == predictions { exactMatches += 1 }
    recordF1s.add(ratio(2 * found.count, labels.count + predictions.count))
    guard let probabilities else { return }
    precondition(probabilities.count == names.count, "\(probabilities.count) probabilities of \(names.count) classes")
    scored += 1
    for (index, probability) in probabilities.enumerated() {
      losses.add(-log(max(labels.contains(index) ? probability : 1 - probability, .ulpOfOne)))
      calibration.add(confidence: probability, isRight: labels.contains(index))
    }
    for label in labels.symmetricDifference(predictions) {
      let (isMissed, probability) = (labels.contains(label), probabilities[label])
      guard worst.has(roomFor: WrongLabel.confidence(isMissed: isMissed, probability)) else { continue }
      worst.add(WrongLabel(label: label, isMissed: isMissed, probability: probability, text: text()))
    }
    for index in scores.indices { scores[index].add(probabilities[index], isPositive: labels.contains(index)) }
  }

  /// Adds what another report has counted.
  /// - Precondition: It is on the same classes.
  public mutating func add(_ other: MultiLabelReport) {
    precondition(other.names == names, "reports on other classes can't be added")
    for index in classes.indices { classes[index] += other.classes[index] }
    records += other.records
    exactMatches += other.exactMatches
    recordF1s.add(other.recordF1s)
    scored += other.scored
    losses.add(other.losses)
    calibration.add(other.calibration)
    worst.add(other.worst)
    for index in scores.indices { scores[index].add(other.scores[index]) }
  }

  /// How many of the most confident errors are kept.
  public var worstLimit: Int { worst.limit }

  /// Keeps no more than so many of the most confident errors.
  public mutating func keepWorst(_ count: Int) { worst.keep(count) }

  /// Whether no record was counted.
  public var isEmpty: Bool { records == 0 }

  /// Precision, recall and F1 of all decisions counted alike.
  public var micro: ClassCounts { classes.reduce(into: ClassCounts()) { $0 += $1 } }

  /// The mean of a metric over the classes; with `bySupport`, by their numbers of records.
  public func macro(_ metric: (ClassCounts) -> Double, bySupport: Bool = false) -> Double {
    let weights = classes.map { bySupport ? Double($0.records) : 1 }
    let total = weights.reduce(0, +)
    return total > 0 ? zip(classes, weights).reduce(0) { $0 + $1.1 * metric($1.0) } / total : 0
  }

  /// The mean over the records of the F1 of each one's classes; that of a record with none, rightly predicted, counts 0.
  public var samplesF1: Double { records > 0 ? recordF1s.value / Double(records) : 0 }

  /// The mean of −log p over all records and classes, p being the probability of what is the case; nil unless all
  /// records tell the probabilities.
  public var logLoss: Double? {
    scored > 0 && scored == records ? losses.value / Double(scored) / Double(names.count) : nil
  }

  /// The curves of each class, for up to 50 classes; nil unless all records tell the probabilities.
  public var curves: [ScoreSummary]? {
    scored > 0 && scored == records && !scores.isEmpty ? scores.map(\.summary) : nil
  }

  /// The mean of the areas under the ROC curves of the classes for which there is one; nil if there is none.
  public var rocAUC: Double? { ScoreSummary.mean(curves ?? []) { $0.rocAUC } }

  /// The mean of the average precisions of the classes that occur; nil if there is none.
  public var averagePrecision: Double? { ScoreSummary.mean(curves ?? []) { $0.averagePrecision } }
}

private func ratio(_ part: Int, _ whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }
