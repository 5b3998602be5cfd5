import CKernels
import Glibc
import Random

/// The sum of the rows of a table for several ids in one place: a word, and what else is known of it, such as its first
/// and last letters. `y[..., :] = Σ_k table[ids[..., k], :] / n^power`, where the id 0, which is padding, adds nothing,
/// and n is the number of the others. With `power` 0 it is their sum, with 0.5 a sum of about the same size however many
/// there are, with 1 their mean.
///
///     ids    [..., k]                    [batch, time, k]
///     table  [vocabularySize, depth]
///     y      [..., depth]                [batch, time, depth]
///
/// In training each id is dropped with the probability `dropout`, and the rows of the others are divided by
/// `1 − dropout`, so that a model does not rely on any one id: names that were never seen lack the word, but not its
/// letters. Ids outside the table count as the nearest inside, as in `Embedding`; the table starts with its numbers.
/// Source: P. Bojanowski et al., Enriching Word Vectors with Subword Information, 2017, for the sum; PyTorch
/// `EmbeddingBag` with `padding_idx`.
public struct EmbeddingSum: Layer {
  /// The number of rows.
  public let vocabularySize: Int
  /// The length of a row.
  public let depth: Int
  /// The share of ids that is dropped in training.
  public let dropout: Float
  /// What the number of ids is raised to before the sum is divided by it.
  public let power: Float
  /// The rows, `[vocabularySize, depth]`.
  public var table = Tensor.empty

  /// - Parameters:
  ///   - vocabularySize: The number of ids.
  ///   - depth: The length of a row.
  ///   - dropout: The share of ids that is dropped in training.
  ///   - power: What the number of ids is raised to before the sum is divided by it.
  /// - Precondition: `dropout` is from 0 to below 1.
  public init(_ vocabularySize: Int, _ depth: Int, dropout: Float = 0, power: Float = 0) {
    precondition(0..<1 ~= dropout, "a dropout rate is from 0 to 1, not \(dropout)")
    (self.vocabularySize, self.depth, self.dropout, self.power) = (vocabularySize, depth, dropout, power)
  }

  static let entry = CatalogueEntry<any Layer>(
    name: "EmbeddingSum",
    parameters: [.init("vocabulary", "0"), .init("depth", "0"), .init("dropout", "0.0"), .init("power", "0.0")],
    form: "EmbeddingSum(depth, …) or EmbeddingSum(vocabulary, depth, dropout: 0.0, power: 0.0)"
  ) { arguments throws(ExpressionError) in
    let (vocabularySize, depth) = try Embedding.sizes(arguments)
    return EmbeddingSum(
      vocabularySize, depth, dropout: Float(try arguments.number("dropout", .belowOne)),
      power: Float(try arguments.number("power", .share)))
  }

  public var kind: String { "EmbeddingSum" }
  public var name: String { "EmbeddingSum_\(vocabularySize)_\(depth)" }
  public var expression: String {
    "EmbeddingSum(\(vocabularySize), \(depth)\(dropout == 0 ? "" : ", dropout: \(dropout)")"
      + "\(power == 0 ? "" : ", power: \(power)"))"
  }

  public var idCount: Int? { vocabularySize }
  public var takesIDLists: Bool { true }
  public var idTable: Int? { 0 }
  public var lookupTables: [Int] { [0] }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    guard inputs[0].count >= 2 else { throw LayerError("\(name) takes [batch, ..., ids], not \(inputs[0])") }
    return try LayerPlan(
      name, outputs: [inputs[0].dropLast() + [depth]], weights: [("table", [vocabularySize, depth])])
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] { try fittingPlan(inputs).outputs }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    table = fanOutUniform([vocabularySize, depth], key)
    return try outputShapes(inputs)
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let ids = inputs[0]
    let (places, each) = (ids.rows, ids.depth)
    let isDropping = pass.mode == .train && dropout > 0
    let keeps = isDropping ? pass.key.bernoulli(1 - dropout, ids.count) : []
    let scale = isDropping ? 1 / (1 - dropout) : 1
    // The rows that are added, one place after the other, and where those of each begin.
    var (rows, starts, scales) = ([Int](), [0], [Float]())
    let all = ids.rowIndices(count: vocabularySize)
    for place in 0..<places {
      for index in place * each..<(place + 1) * each where all[index] != 0 && (!isDropping || keeps[index]) {
        rows.append(all[index])
      }
      starts.append(rows.count)
      guard power != 0 else {
        scales.append(scale)
        continue
      }
      let count = all[place * each..<(place + 1) * each].count { $0 != 0 }
      scales.append(scale / pow(Float(max(count, 1)), power))
    }
    let depth = depth
    let y = table.withValues { table in
      Tensor(shape: ids.shape.dropLast() + [depth]) { y in
        rows.withUnsafeBufferPointer { rows in
          inRanges(of: places, work: each * depth) { range in
            for place in range {
              let (y, count) = (y.baseAddress! + place * depth, starts[place + 1] - starts[place])
              guard count > 0 else {
                y.update(repeating: 0, count: depth)
                continue
              }
              kernel_sum_rows(y, table.baseAddress!, rows.baseAddress! + starts[place], count, depth)
              let scale = scales[place]
              if scale != 1 { for index in 0..<depth { y[index] *= scale } }
            }
          }
        }
      }
    }
    return Forward(outputs: [y]) { [rows] dys in
      let values = dys[0].withValues { dy in
        Tensor(shape: [rows.count, depth]) { values in
          for place in 0..<places {
            for row in starts[place]..<starts[place + 1] {
              for index in 0..<depth { values[row * depth + index] = scales[place] * dy[place * depth + index] }
            }
          }
        }
      }
      return Gradients(input: Tensor(repeating: 0, shape: ids.shape), weights: [.rows(rows, values: values)])
    }
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("table", &table)
  }
}
