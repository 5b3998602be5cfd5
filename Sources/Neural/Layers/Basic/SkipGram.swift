import CKernels
import Glibc
import Random

/// Whether words stand near a word: from the vector of the word and those of the others, `s[b, t] = v[b] · c[t]` with
/// `v[b] = Σ_k table[words[b, k], :] / n`, the mean over the ids of the word (its own, and those of its runs of
/// characters) without the padding 0, and `c[t] = contexts[others[b, t], :]`.
///
///     words     [batch, k]          the ids of a word, filled up with 0
///     others    [batch, t]          words that stand near it, and others
///     table     [vocabularySize, depth]
///     contexts  [words, depth]      for ids that are those of words
///     y         [batch, t, 2]       (log σ(−s), log σ(s)), the log probabilities of no and yes
///     ds        = dy₁ (1 − e^y₁) − dy₀ (1 − e^y₀)
///
/// Under a cross-entropy of words that stand near and of others that were drawn it learns vectors of words, the rows of
/// the table. The score of the id 0 is 0, and it learns nothing; ids outside the tables count as the nearest inside. The
/// table starts evenly between −1 / depth and 1 / depth, the contexts with 0.
///
/// Sources: T. Mikolov et al., Distributed Representations of Words and Phrases and their Compositionality, 2013; P.
/// Bojanowski et al., Enriching Word Vectors with Subword Information, 2017.
public struct SkipGram: Layer {
  /// The number of rows of the table.
  public let vocabularySize: Int
  /// The length of a row.
  public let depth: Int
  /// The number of rows of the contexts.
  public let words: Int
  /// The rows of which vectors of words are made, `[vocabularySize, depth]`.
  public var table = Tensor.empty
  /// The rows of words that stand near another, `[words, depth]`.
  public var contexts = Tensor.empty

  /// - Parameters:
  ///   - vocabularySize: The number of ids.
  ///   - depth: The length of a vector.
  ///   - words: The number of ids that are those of words, and may stand near others; nil for all.
  public init(_ vocabularySize: Int, _ depth: Int, words: Int? = nil) {
    (self.vocabularySize, self.depth, self.words) = (vocabularySize, depth, words ?? vocabularySize)
  }

  static let entry = CatalogueEntry<any Layer>(
    name: "SkipGram",
    parameters: [.init("vocabulary", "0"), .init("depth", "0"), .init("words", "0")],
    form: "SkipGram(depth, …) or SkipGram(vocabulary, depth, words: vocabulary)"
  ) { arguments throws(ExpressionError) in
    let (vocabularySize, depth) = try Embedding.sizes(arguments)
    let words = try arguments.integer("words", in: 0...vocabularySize)
    return SkipGram(vocabularySize, depth, words: words == 0 ? nil : words)
  }

  public var name: String { counted("SkipGram_\(vocabularySize)_\(depth)") }
  public var expression: String {
    "SkipGram(\(vocabularySize), \(depth)\(words == vocabularySize ? "" : ", words: \(words)"))"
  }

  public var inputCount: Int { 2 }
  public var idCount: Int? { vocabularySize }
  public var otherIDCount: Int? { words }
  public var idTable: Int? { 0 }
  public var lookupTables: [Int] { [0, 1] }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    guard inputs.allSatisfy({ $0.count == 2 }), inputs[0][0] == inputs[1][0] else {
      throw LayerError("\(name) takes [batch, ids] and [batch, others], not \(inputs)")
    }
    return try LayerPlan(
      name, outputs: [inputs[1] + [2]], weights: [("table", [vocabularySize, depth]), ("contexts", [words, depth])],
      inside: depth, logProbabilities: .exclusive)
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] { try fittingPlan(inputs).outputs }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    table = randomUniform(1 / Float(depth))([vocabularySize, depth], key)
    contexts = Tensor(repeating: 0, shape: [words, depth])
    return try outputShapes(inputs)
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let (ids, near) = (Rows(inputs[0], count: vocabularySize), Rows(inputs[1], count: words))
    let (batch, time, depth) = (inputs[0].shape[0], inputs[1].depth, depth)
    let vectors = table.withValues { table in
      Tensor(shape: [batch, depth]) { vectors in
        for row in 0..<batch {
          let (vector, places) = (vectors.baseAddress! + row * depth, ids.places(of: row))
          ids.rows.withUnsafeBufferPointer {
            kernel_sum_rows(vector, table.baseAddress!, $0.baseAddress! + places.lowerBound, places.count, depth)
          }
          let scale = 1 / Float(max(places.count, 1))
          for index in 0..<depth { vector[index] *= scale }
        }
      }
    }
    let scores = contexts.withValues { contexts in
      vectors.withValues { vectors in
        Tensor(shape: [near.rows.count]) { scores in
          near.rows.withUnsafeBufferPointer { rows in
            inRanges(of: batch, work: time * depth) { range in
              for row in range {
                let places = near.places(of: row)
                kernel_dot_rows(
                  scores.baseAddress! + places.lowerBound, vectors.baseAddress! + row * depth, contexts.baseAddress!,
                  rows.baseAddress! + places.lowerBound, places.count, depth)
              }
            }
          }
        }
      }
    }
    let y = logProbabilities(scores, near, shape: inputs[1].shape + [2])
    return Forward(outputs: [y]) { [contexts] dys in
      let slopes = slopes(y, dys[0], near)
      let (dVectors, dContexts) = backward(slopes, near, vectors, contexts)
      let dRows = dVectors.withValues { dVectors in
        Tensor(shape: [ids.rows.count, depth]) { values in
          for row in 0..<batch {
            let places = ids.places(of: row)
            let scale = 1 / Float(max(places.count, 1))
            for place in places {
              for index in 0..<depth { values[place * depth + index] = scale * dVectors[row * depth + index] }
            }
          }
        }
      }
      return Gradients(
        inputs: inputs.map { Tensor(repeating: 0, shape: $0.shape) },
        weights: [.rows(ids.rows, values: dRows), .rows(near.rows, values: dContexts)])
    }
  }

  /// The log probabilities of no and yes for every score, and those of the score 0 for padding.
  private func logProbabilities(_ scores: Tensor, _ near: Rows, shape: [Int]) -> Tensor {
    scores.withValues { scores in
      Tensor(shape: shape) { y in
        for index in y.indices { y[index] = Float(LogSigmoid.value(0)) }
        for (place, index) in near.indices.enumerated() {
          y[2 * index] = Float(LogSigmoid.value(-Double(scores[place])))
          y[2 * index + 1] = Float(LogSigmoid.value(Double(scores[place])))
        }
      }
    }
  }

  /// The gradients of the scores. The probability of no is that of yes less 1, and the other way round.
  private func slopes(_ y: Tensor, _ dy: Tensor, _ near: Rows) -> Tensor {
    y.withValues { y in
      dy.withValues { dy in
        Tensor(shape: [near.rows.count]) { slopes in
          for (place, index) in near.indices.enumerated() {
            slopes[place] = dy[2 * index] * expm1f(y[2 * index]) - dy[2 * index + 1] * expm1f(y[2 * index + 1])
          }
        }
      }
    }
  }

  /// The gradients of the vectors of words, and of the rows of the contexts.
  private func backward(
    _ slopes: Tensor, _ near: Rows, _ vectors: Tensor, _ contexts: Tensor
  ) -> (vectors: Tensor, contexts: Tensor) {
    let (batch, depth) = (vectors.shape[0], depth)
    var dContexts = Tensor.empty
    let dVectors = slopes.withValues { slopes in
      vectors.withValues { vectors in
        contexts.withValues { contexts in
          Tensor(shape: [batch, depth]) { dVectors in
            dContexts = Tensor(shape: [near.rows.count, depth]) { dContexts in
              near.rows.withUnsafeBufferPointer { rows in
                inRanges(of: batch, work: near.rows.count / max(batch, 1) * depth) { range in
                  for row in range {
                    let (places, vector) = (near.places(of: row), vectors.baseAddress! + row * depth)
                    kernel_sum_scaled_rows(
                      dVectors.baseAddress! + row * depth, contexts.baseAddress!,
                      slopes.baseAddress! + places.lowerBound, rows.baseAddress! + places.lowerBound, places.count,
                      depth)
                    for place in places {
                      let target = dContexts.baseAddress! + place * depth
                      for index in 0..<depth { target[index] = slopes[place] * vector[index] }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return (dVectors, dContexts)
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("table", &table)
    try visit("contexts", &contexts)
  }
}

/// The rows of a table that ids look up, without those of padding.
private struct Rows {
  /// One row of ids after the other.
  let rows: [Int]
  /// The indices of their ids.
  let indices: [Int]
  /// Where among them those of each row of ids begin, and where the last ends.
  private let starts: [Int]

  init(_ ids: Tensor, count: Int) {
    let all = ids.rowIndices(count: count)
    var (rows, indices, starts) = ([Int](), [Int](), [0])
    rows.reserveCapacity(all.count)
    indices.reserveCapacity(all.count)
    for row in 0..<ids.shape[0] {
      for index in row * ids.depth..<(row + 1) * ids.depth where all[index] != 0 {
        rows.append(all[index])
        indices.append(index)
      }
      starts.append(rows.count)
    }
    (self.rows, self.indices, self.starts) = (rows, indices, starts)
  }

  /// Where those of a row are.
  func places(of row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }
}
