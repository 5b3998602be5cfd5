import Glibc
import Neural
import Random

/// Draws from the probabilities of classes by the Gumbel trick: the largest of `log p + temperature · g`, with g from
/// the Gumbel distribution, is a draw from the softmax of `log p / temperature`.
///
/// Source: Trax `logsoftmax_sample`; for the limits, A. Fan et al., Hierarchical Neural Story Generation, 2018 (top-k),
/// and A. Holtzman et al., The Curious Case of Neural Text Degeneration, 2020 (top-p).
public struct Sampler: Sendable {
  /// Below 1 the probable becomes more probable; 0 takes the most probable class, the first of equals.
  public let temperature: Float
  /// Only so many of the most probable classes are drawn from.
  public let topK: Int?
  /// Only the most probable classes are drawn from, as few as together have at least this probability.
  public let topP: Float?

  /// - Parameters:
  ///   - temperature: Divides the log probabilities; 0 takes the most probable class.
  ///   - topK: How many of the most probable classes are drawn from; all without it.
  ///   - topP: The probability that the classes which are drawn from have together; 1 without it.
  /// - Precondition: `temperature` is 0 or more, `topK` 1 or more, `topP` above 0.
  public init(temperature: Float = 1, topK: Int? = nil, topP: Float? = nil) {
    precondition(temperature >= 0 && topK ?? 1 >= 1 && topP ?? 1 > 0, "limits that leave nothing to draw from")
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
  }

  /// A class drawn from its log probabilities with the random numbers of `key`.
  public func callAsFunction(_ logProbabilities: UnsafeBufferPointer<Float>, key: RandomKey) -> Int {
    guard temperature > 0 else { return best(logProbabilities.indices) { logProbabilities[$0] } }
    let noise = key.gumbel(logProbabilities.count)
    return best(candidates(logProbabilities)) { logProbabilities[$0] + temperature * noise[$0] }
  }

  /// The classes that may be drawn.
  func candidates(_ logProbabilities: UnsafeBufferPointer<Float>) -> [Int] {
    var classes = Array(logProbabilities.indices)
    guard topK ?? .max < classes.count || topP ?? 1 < 1 else { return classes }
    classes.sort { (logProbabilities[$1], $0) < (logProbabilities[$0], $1) }
    if let topK { classes.removeLast(max(classes.count - topK, 0)) }
    if let topP {
      let largest = logProbabilities[classes[0]]
      let shares = classes.map { expf((logProbabilities[$0] - largest) / temperature) }
      let enough = topP * shares.reduce(0, +)
      var sum: Float = 0
      let count = shares.firstIndex { share in
        sum += share
        return sum >= enough
      }
      classes.removeLast(classes.count - 1 - (count ?? classes.count - 1))
    }
    return classes
  }

  private func best(_ classes: some Sequence<Int>, _ score: (Int) -> Float) -> Int {
    var best = (index: 0, score: -Float.infinity)
    for index in classes where score(index) > best.score { best = (index, score(index)) }
    return best.index
  }
}
