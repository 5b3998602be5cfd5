import Glibc

/// What the log probabilities of classes each of which is there or not by itself say of one example.
public struct LabelPrediction: Sendable, Equatable {
  /// The probability of every class.
  public let probabilities: [Float]
  /// The classes that are probable enough, in their order; there may be none.
  public let labels: [Int]

  /// The prediction of the log probabilities of all classes.
  /// - Precondition: There is a threshold for every class.
  public init(_ logProbabilities: [Float], _ thresholds: LabelThresholds) {
    let (values, count) = (thresholds.values, logProbabilities.count)
    precondition(values.count == count, "\(values.count) thresholds of \(count) classes")
    let probabilities = logProbabilities.map { Float(exp(Double($0))) }
    self.probabilities = probabilities
    labels = probabilities.indices.filter { probabilities[$0] >= values[$0] }
  }

  /// The classes that a person is told the reasons of: those predicted, or the most probable one where none is.
  public var explained: [Int] { labels.isEmpty ? mostProbable(1).map(\.label) : labels }

  /// The `count` most probable classes with their probabilities, the most probable first; of equals the first class
  /// first.
  public func mostProbable(_ count: Int) -> [(label: Int, probability: Float)] {
    let order = probabilities.indices.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }
    return order.prefix(count).map { ($0, probabilities[$0]) }
  }
}
