/// Whether predictions made with a confidence of 80% are right in 80% of the cases: predictions sorted into bins by
/// their confidence, the probability of the predicted class.
///
/// The expected calibration error is the mean over all predictions of the distance between a bin's accuracy and its
/// mean confidence. Source: C. Guo et al., On Calibration of Modern Neural Networks, 2017.
public struct Calibration: Sendable, Equatable {
  /// One bin, `(low, high]`.
  public struct Bin: Sendable, Equatable {
    /// The confidences of the bin: from `low`, up to `high`.
    public let low: Double, high: Double
    /// The number of predictions, and of those that are right.
    public fileprivate(set) var count = 0, right = 0
    /// The sum of the confidences.
    public fileprivate(set) var confidences = ExactSum()

    /// The mean confidence, and the share that is right; 0 without predictions.
    public var confidence: Double { count > 0 ? confidences.value / Double(count) : 0 }
    /// The share of its predictions that are right.
    public var accuracy: Double { count > 0 ? Double(right) / Double(count) : 0 }
  }

  /// The bins in the order of their confidences.
  public private(set) var bins: [Bin]

  /// Bins of equal width.
  public init(bins count: Int = 10) {
    bins = (0..<count).map { Bin(low: Double($0) / Double(count), high: Double($0 + 1) / Double(count)) }
  }

  /// Counts a prediction, with a confidence from 0 to 1.
  public mutating func add(confidence: Double, isRight: Bool) {
    let index = bins.firstIndex { confidence <= $0.high } ?? bins.count - 1
    bins[index].count += 1
    bins[index].right += isRight ? 1 : 0
    bins[index].confidences.add(min(confidence, 1))
  }

  /// Adds to a bin the predictions that another calibration of as many bins has counted in it.
  /// - Precondition: There is such a bin, and no more predictions are right than there are.
  public mutating func add(toBin index: Int, count: Int, right: Int, confidences: ExactSum) {
    precondition(0...count ~= right, "\(right) of \(count) predictions can't be right")
    bins[index].count += count
    bins[index].right += right
    bins[index].confidences.add(confidences)
  }

  /// Adds what another calibration has counted.
  /// - Precondition: It has as many bins.
  public mutating func add(_ other: Calibration) {
    precondition(other.bins.count == bins.count, "\(other.bins.count) bins are not \(bins.count)")
    for (index, bin) in other.bins.enumerated() {
      add(toBin: index, count: bin.count, right: bin.right, confidences: bin.confidences)
    }
  }

  /// The expected calibration error; 0 without predictions.
  public var expectedError: Double {
    let total = bins.reduce(0) { $0 + $1.count }
    guard total > 0 else { return 0 }
    return bins.reduce(0) { $0 + Double($1.count) * abs($1.accuracy - $1.confidence) } / Double(total)
  }
}
