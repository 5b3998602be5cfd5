import Glibc

/// How much more probable a class is than the others: its log probability less the mean of those of the other classes,
/// in nats. Of two classes that is the logarithm of the ratio of their probabilities. Of a single class it is 0.
///
/// Of classes each of which is there or not by itself, it is the logarithm of the ratio of the probabilities that the
/// class is there and that it is not: its logit. A probability that floats can't tell from 1 counts as the nearest one
/// that they can, which is 103 nats.
///
/// Of other classes the factors of the log probabilities add up to 0, so that logits give the same as log probabilities.
/// So what is linear in the logits has shares of the log odds that add up.
public struct LogOdds: Sendable {
  /// The factors of the classes' logits: 1 for the class, and -1 among the others; 0 for the others where they have no
  /// part in it.
  public let factors: [Double]
  /// The class, where each is there or not by itself.
  private let independent: Int?

  /// - Parameter isIndependent: Whether each class is there or not by itself.
  /// - Precondition: The class is one of them.
  public init(of label: Int, classes: Int, isIndependent: Bool = false) {
    precondition(0..<classes ~= label, "the class is one of the classes")
    independent = isIndependent ? label : nil
    factors =
      isIndependent
      ? (0..<classes).map { $0 == label ? 1 : 0 }
      : (0..<classes).map { classes == 1 ? 0 : $0 == label ? 1 : -1 / Double(classes - 1) }
  }

  /// The log odds that log probabilities of all classes give; of classes of which one is the case, logits do, too.
  public func callAsFunction(_ logProbabilities: some Collection<Float>) -> Double {
    guard let independent else { return zip(factors, logProbabilities).reduce(0) { $0 + $1.0 * Double($1.1) } }
    let float = logProbabilities[logProbabilities.index(logProbabilities.startIndex, offsetBy: independent)]
    let log = Double(min(float, -.leastNonzeroMagnitude))
    return log - Glibc.log(-expm1(log))
  }
}
