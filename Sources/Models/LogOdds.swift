/// How much more probable a class is than the others: its log probability less the mean of those of the other classes,
/// in nats. Of two classes that is the logarithm of the ratio of their probabilities. Of a single class it is 0.
///
/// The factors of the log probabilities add up to 0, so that logits give the same as log probabilities, and what is
/// linear in the logits has shares of the log odds that add up.
public struct LogOdds: Sendable {
  /// The factors of the classes' log probabilities: 1 for the class, and -1 among the others.
  public let factors: [Double]

  /// - Precondition: The class is one of them.
  public init(of label: Int, classes: Int) {
    precondition(0..<classes ~= label, "the class is one of the classes")
    factors = (0..<classes).map { classes == 1 ? 0 : $0 == label ? 1 : -1 / Double(classes - 1) }
  }

  /// The log odds that log probabilities of all classes, or logits, give.
  public func callAsFunction(_ logProbabilities: some Sequence<Float>) -> Double {
    zip(factors, logProbabilities).reduce(0) { $0 + $1.0 * Double($1.1) }
  }
}
