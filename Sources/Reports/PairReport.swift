import JSONLines

/// What is counted of pairs of texts whose labels are known: how often it was right that they are duplicates or none,
/// at a threshold and at all others.
public struct PairReport: Report {
  /// The names of no and yes.
  public let names: [String]
  /// From which score on duplicates are said.
  public let threshold: Double
  /// The precision for which the lowest threshold is looked for, if one is.
  public var precisionTarget: Double?
  /// Scores are from −1 on, counted from 0.
  var scores = ScoreCounts()
  private var truePositives = 0, falsePositives = 0, falseNegatives = 0, trueNegatives = 0

  /// The possible thresholds: those of similarities; probabilities are among them.
  public static let thresholds = -1.0...1

  /// A report on no pairs.
  /// - Parameters:
  ///   - labels: The names of no and yes; their numbers without.
  ///   - threshold: From which score on duplicates are said.
  public init(labels: [String]?, threshold: Double) {
    names = labels ?? ["0", "1"]
    self.threshold = threshold
  }

  public var isEmpty: Bool { records == 0 }
  /// The number of pairs.
  public var records: Int { right + falsePositives + falseNegatives }
  private var right: Int { truePositives + trueNegatives }

  /// Counts a pair.
  /// - Parameter score: From −1 to 1.
  public mutating func add(score: Float, isDuplicate: Bool) {
    scores.add(Double(score) + 1, isPositive: isDuplicate)
    switch (score >= Float(threshold), isDuplicate) {
    case (true, true): truePositives += 1
    case (true, false): falsePositives += 1
    case (false, true): falseNegatives += 1
    case (false, false): trueNegatives += 1
    }
  }

  /// Adds what another report has counted.
  /// - Precondition: It has the same threshold.
  public mutating func add(_ other: PairReport) {
    precondition(other.threshold == threshold, "reports with other thresholds can't be added")
    scores.add(other.scores)
    truePositives += other.truePositives
    falsePositives += other.falsePositives
    falseNegatives += other.falseNegatives
    trueNegatives += other.trueNegatives
  }

  /// What comes of a threshold.
  public struct Figures: Sendable, Equatable {
    /// The threshold.
    public let threshold: Double
    /// Shares: of all pairs those that are right; of those said to be duplicates, and of the duplicates, those that are
    /// both. Nil of none.
    public let accuracy: Double?, precision: Double?, recall: Double?
    /// The harmonic mean of precision and recall; nil where there are no duplicates and none is said.
    public let f1: Double?

    init(threshold: Double, truePositives: Int, falsePositives: Int, positives: Int, negatives: Int) {
      func share(_ part: Int, _ whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }
      self.threshold = threshold
      accuracy = share(truePositives + negatives - falsePositives, positives + negatives)
      precision = share(truePositives, truePositives + falsePositives)
      recall = share(truePositives, positives)
      f1 = share(2 * truePositives, truePositives + falsePositives + positives)
    }
  }

  /// What comes of the threshold that was set.
  public var figures: Figures {
    Figures(
      threshold: threshold, truePositives: truePositives, falsePositives: falsePositives,
      positives: truePositives + falseNegatives, negatives: falsePositives + trueNegatives)
  }

  /// The threshold with the highest F1, of equals the highest; nil without duplicates.
  public var best: (threshold: Double, f1: Double)? {
    bestFigures.flatMap { figures in figures.f1.map { (figures.threshold, $0) } }
  }

  /// What comes of that threshold.
  var bestFigures: Figures? {
    let summary = scores.summary
    guard summary.positives > 0 else { return nil }
    // 2 t / (p + positives) is compared by products of whole numbers.
    func isBetter(_ a: ScoreCounts.Point, _ b: ScoreCounts.Point) -> Bool {
      a.truePositives * (b.truePositives + b.falsePositives + summary.positives)
        > b.truePositives * (a.truePositives + a.falsePositives + summary.positives)
    }
    let best = summary.points.dropFirst().reduce(summary.points[0]) { isBetter($1, $0) ? $1 : $0 }
    return Figures(
      threshold: best.threshold - 1, truePositives: best.truePositives, falsePositives: best.falsePositives,
      positives: summary.positives, negatives: summary.negatives)
  }

  /// The areas under the curves, and the curves.
  var summary: ScoreSummary { scores.summary }

  /// The pairs by label and what was said.
  var confusion: [[Int]] {
    get { [[trueNegatives, falsePositives], [falseNegatives, truePositives]] }
    set {
      (trueNegatives, falsePositives) = (newValue[0][0], newValue[0][1])
      (falseNegatives, truePositives) = (newValue[1][0], newValue[1][1])
    }
  }
}
