import JSONLines
import Neural
import Text

/// The tokens that matter most for each class of a classifier: those that add most to the log odds of the class
/// (`LogOdds`) in a text of their own, less what the model says of none.
///
/// For classifiers of the mean of embeddings that is exact: the contribution of the token's row, which a longer text
/// divides by its length. For any other model each token is predicted alone, and what is subtracted are the log odds of
/// a text without ids; in a longer text the token may say something else.
///
/// Special tokens are no words, and the hashes of n-grams have none: they are left out. Without a vocabulary all ids but
/// that of padding are listed by their numbers.
public struct TopTokens: Sendable {
  /// How the contributions were found.
  public let method: Explanation.Method
  /// For each class the tokens with contributions above 0, the largest first; of equals the smaller id first.
  public let classes: [[Explanation.Contribution]]

  /// The `count` tokens that matter most for each class.
  /// - Throws: `RecordError` where the model's numbers grow beyond those of floats.
  public init(_ classifier: Classifier, count: Int) throws(RecordError) {
    let logOdds = (0..<classifier.signature.classes).map {
      LogOdds(of: $0, classes: classifier.signature.classes, isIndependent: classifier.givesSeveralLabels)
    }
    var best = logOdds.map { _ in Best(count: count) }
    let means = logOdds.compactMap { MeanContributions(classifier.layers, factors: $0.factors) }
    if means.count == logOdds.count {
      method = .mean
      for id in classifier.wordIDs {
        for (label, mean) in means.enumerated() { best[label].add(id, mean(id)) }
      }
    } else {
      method = .leaveOneOut
      let none = try classifier([])
      try classifier.forEachAlone(classifier.wordIDs) { id, logProbabilities in
        for (label, logOdds) in logOdds.enumerated() {
          best[label].add(id, logOdds(logProbabilities) - logOdds(none))
        }
      }
    }
    classes = best.map { $0.entries.map { .init(name: classifier.name(of: $0.id), nats: $0.nats) } }
  }

  /// The best of what has been added so far, in order.
  private struct Best {
    let count: Int
    var entries: [(id: Int, nats: Double)] = []

    mutating func add(_ id: Int, _ nats: Double) {
      guard nats > 0, entries.count < count || nats > entries[count - 1].nats else { return }
      if entries.count == count { entries.removeLast() }
      entries.insert((id, nats), at: entries.firstIndex { $0.nats < nats } ?? entries.count)
    }
  }
}

extension Classifier {
  /// The ids of what people call words.
  var wordIDs: [Int] {
    if let vocabulary = input.vocabulary {
      let special = Vocabulary.specialTokens
      return vocabulary.indices.filter { !special.indices.contains($0) || vocabulary[$0] != special[$0] }
    }
    let first = input.hasBytes ? Vocabulary.end + 1 : Vocabulary.padding + 1
    return Array(first..<max(signature.ids, first))
  }

  /// Gives `body` each id and the log probabilities of the classes for a text of this id alone; many texts go through
  /// the model at once.
  func forEachAlone(_ ids: [Int], _ body: (Int, [Float]) -> Void) throws(RecordError) {
    let rows = min(256, signature.idsAtOnce)
    for start in stride(from: 0, to: ids.count, by: rows) {
      let piece = ids[start..<min(start + rows, ids.count)]
      let y = layers.forward(Tensor(piece.map { Float($0) }, shape: [piece.count, 1])).output
      guard y.isFinite else { throw RecordError("the model's outputs are no finite numbers") }
      let values = y.values
      for (row, id) in piece.enumerated() {
        body(id, Array(values[row * signature.classes..<(row + 1) * signature.classes]))
      }
    }
  }
}
