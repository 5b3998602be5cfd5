import Neural
import Text

/// What the first table of ids of a model says of tokens: the row of a token or, where the ids of texts are also those of
/// the runs of characters in them, the mean of its row and theirs, which there is for tokens that the vocabulary does
/// not have, too. Source: P. Bojanowski et al., Enriching Word Vectors with Subword Information, 2017.
struct TokenVectors {
  private let table: Tensor
  private let rows: [Name: Int]
  private let runs: HashedNGrams?
  /// The number of entries of the vocabulary, behind which those of the runs are.
  private let count: Int

  /// - Parameters:
  ///   - table: A row for every entry of the vocabulary, and behind them those of hashed ids.
  ///   - runs: What the hashed ids are made of.
  /// - Precondition: There are as many rows as ids, or more.
  init(table: Tensor, vocabulary: [String], runs: HashedNGrams?) {
    precondition(table.rows >= vocabulary.count + (runs?.count ?? 0), "a row for every id")
    (self.table, self.runs, count) = (table, runs?.characters == nil ? nil : runs, vocabulary.count)
    rows = indices(of: vocabulary)
  }

  /// The vector of a token; nil where nothing is known of it.
  func vector(of token: String) -> [Float]? {
    var (token, ids) = (token, [Int]())
    if let row = rows[Name(token)] { ids.append(row) }
    // A special token is no word, and has no characters.
    let isSpecial = ids.contains {
      Vocabulary.specialTokens.indices.contains($0) && Vocabulary.specialTokens[$0] == token
    }
    if !isSpecial { token.withUTF8 { runs?.append([$0], after: count, to: &ids) } }
    guard !ids.isEmpty else { return nil }
    let depth = table.depth
    var sum = [Float](repeating: 0, count: depth)
    table.withValues { table in
      for id in ids { for index in 0..<depth { sum[index] += table[id * depth + index] } }
    }
    return ids.count == 1 ? sum : sum.map { $0 / Float(ids.count) }
  }
}

/// The rows of runs of characters as the means of the vectors of the words in which they occur.
struct RunMeans {
  private let runs: HashedNGrams
  private let depth: Int
  private var sums: [Float], counts: [Int32]

  /// Nil where the hashed ids are none of runs of characters.
  init?(_ runs: HashedNGrams?, depth: Int) {
    guard let runs, runs.characters != nil else { return nil }
    (self.runs, self.depth) = (runs, depth)
    sums = [Float](repeating: 0, count: runs.count * depth)
    counts = [Int32](repeating: 0, count: runs.count)
  }

  /// The number of runs that occur.
  var found: Int { counts.count { $0 > 0 } }
  /// The number of rows.
  var count: Int { counts.count }

  /// Adds the vector of a word to the rows of its runs.
  mutating func add(_ word: UnsafeBufferPointer<UInt8>, _ vector: [Float]) {
    var ids: [Int] = []
    runs.append([word], after: 0, to: &ids)
    for id in ids {
      counts[id] += 1
      for index in 0..<depth { sums[id * depth + index] += vector[index] }
    }
  }

  /// Sets the rows of runs that occur, which begin behind `first` others.
  func fill(_ table: inout Tensor, behind first: Int) {
    table.withMutableValues { table in
      for (id, count) in counts.enumerated() where count > 0 {
        for index in 0..<depth { table[(first + id) * depth + index] = sums[id * depth + index] / Float(count) }
      }
    }
  }
}
