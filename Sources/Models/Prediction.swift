import Glibc

/// What a classifier's log probabilities say of one example.
public struct Prediction: Sendable, Equatable {
  /// The log probability of every class.
  public let logProbabilities: [Float]
  /// The most probable class; of equals the first.
  public let best: Int

  /// The prediction of the log probabilities of all classes.
  /// - Precondition: There is a class.
  public init(_ logProbabilities: [Float]) {
    self.logProbabilities = logProbabilities
    best = logProbabilities.indices.max { logProbabilities[$0] < logProbabilities[$1] }!
  }

  /// The probability of the most probable class, as a number of a record.
  public var probability: Float { Self.probability(logProbabilities[best]) }

  /// The probability of a logarithm, as a number of a record.
  static func probability(_ logarithm: Float) -> Float { expf(logarithm) }

  /// The probability of the most probable class.
  public var confidence: Double { exp(Double(logProbabilities[best])) }

  /// The most probable class if its probability is `threshold` or more.
  public func label(threshold: Double) -> Int? { confidence >= threshold ? best : nil }

  /// The `count` most probable classes with their probabilities, the most probable first; of equals the first class
  /// first.
  public func mostProbable(_ count: Int) -> [(label: Int, probability: Float)] {
    let order = logProbabilities.indices.sorted {
      (logProbabilities[$1], $0) < (logProbabilities[$0], $1)
    }
    return order.prefix(count).map { ($0, expf(logProbabilities[$0])) }
  }
}
