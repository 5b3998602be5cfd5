import Neural

/// Texts as vectors, of which those most similar to a query are looked for: an exact search by products of matrices.
///
/// The products of floats find out which texts may be among the nearest; of those the similarities are worked out anew,
/// each by itself, so that the answer does not depend on how queries are put together.
public struct NearestTexts: Sendable {
  /// A text found: its index among those that were given, and the cosine.
  public struct Match: Sendable, Equatable {
    /// The index.
    public let index: Int
    /// The cosine of the angle between the two vectors.
    public let similarity: Float
  }

  /// How many texts there are.
  public var count: Int { vectors.shape[0] }
  /// `[count, depth]`, each row of length 1.
  private let vectors: Tensor
  private let rows: [Float]
  /// How far a product of floats may be from the sum that is kept.
  private let slack: Float
  /// How many texts are multiplied at once, so that their products stay in the cache.
  private static let block = 4096

  /// - Parameters:
  ///   - vectors: One of length 1 after the other.
  ///   - depth: The numbers of each.
  /// - Precondition: `depth` is 1 or more, and divides the count.
  public init(_ vectors: [Float], depth: Int) {
    precondition(depth > 0 && vectors.count % depth == 0, "\(vectors.count) numbers are no vectors of \(depth)")
    rows = vectors
    self.vectors = Tensor(vectors, shape: [vectors.count / depth, depth])
    slack = 4 * Float(depth + 8) * Float.ulpOfOne
  }

  /// The `most` nearest texts of each query, the nearest first; of equals the first.
  public func nearest(_ most: Int, to queries: [[Float]]) -> [[Match]] {
    guard count > 0, most > 0, !queries.isEmpty else { return queries.map { _ in [] } }
    let most = min(most, count)
    let matrix = Tensor(queries)
    var candidates = queries.map { _ in Candidates(most: most, slack: slack) }
    for start in stride(from: 0, to: count, by: Self.block) {
      let range = start..<min(start + Self.block, count)
      let scores = matrix.matmul(vectors.slice(axis: 0, range), transposeOther: true)
      scores.withValues { scores in
        for query in queries.indices {
          candidates[query].add(
            UnsafeBufferPointer(rebasing: scores[query * range.count..<(query + 1) * range.count]), from: start)
        }
      }
    }
    return zip(queries, candidates).map { query, candidates in
      let matches = candidates.indices.map { index in
        Match(
          index: index,
          similarity: PairModel.similarity(query[...], rows[index * query.count..<(index + 1) * query.count]))
      }
      return Array(matches.sorted { ($1.similarity, $0.index) < ($0.similarity, $1.index) }.prefix(most))
    }
  }
}

/// The texts that may be among the nearest, by scores that are true up to a slack.
private struct Candidates {
  private let most: Int, slack: Float
  private var held: [(index: Int, score: Float)] = []
  /// What a score needs: that of the last of the nearest so far, less the slack of both.
  private var bar = -Float.infinity
  /// How many are held before those are left out that can't be among the nearest.
  private var limit: Int

  init(most: Int, slack: Float) { (self.most, self.slack, limit) = (most, slack, 4 * most + 64) }

  mutating func add(_ scores: UnsafeBufferPointer<Float>, from start: Int) {
    for (offset, score) in scores.enumerated() where score >= bar {
      held.append((start + offset, score))
      if held.count >= limit { cut() }
    }
  }

  /// Leaves out those that can't be among the nearest.
  private mutating func cut() {
    guard held.count > most else { return }
    let sorted = held.map(\.score).sorted(by: >)
    bar = sorted[most - 1] - 2 * slack
    held.removeAll { $0.score < bar }
    limit = max(limit, 2 * held.count)
  }

  /// The indices of the texts.
  var indices: [Int] {
    var copy = self
    copy.cut()
    return copy.held.map(\.index)
  }
}
