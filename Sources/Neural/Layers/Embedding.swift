import Random

/// A row of a table for every id: `y[..., :] = table[ids[...], :]`.
///
///     ids    [...]
///     table  [vocabularySize, depth]
///     y      [..., depth]
///
/// Ids are exact floats. Those outside the table count as the nearest id that is inside, as in Trax. The table starts
/// with even numbers of variance 1 / depth. Source: Trax `Embedding`.
public struct Embedding: UnaryLayer {
  /// The number of rows.
  public let vocabularySize: Int
  /// The length of a row.
  public let depth: Int
  public var table = Tensor.empty

  public init(_ vocabularySize: Int, _ depth: Int) {
    self.vocabularySize = vocabularySize
    self.depth = depth
  }

  public var name: String { "Embedding_\(vocabularySize)_\(depth)" }
  public var expression: String { "Embedding(\(vocabularySize), \(depth))" }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] {
    try check(table, "table", hasShape: [vocabularySize, depth])
    return input + [depth]
  }

  public mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int] {
    table = fanOutUniform([vocabularySize, depth], key)
    return try outputShape(input)
  }

  public func forward(_ ids: Tensor) -> Forward {
    let rows = rows(of: ids)
    let output = table.withValues { table in
      Tensor(shape: ids.shape + [depth]) { output in
        for (place, row) in rows.enumerated() {
          (output.baseAddress! + place * depth).update(from: table.baseAddress! + row * depth, count: depth)
        }
      }
    }
    return Forward(output: output) { dy in
      Gradients(input: Tensor(repeating: 0, shape: ids.shape), weights: [.rows(rows, values: dy)])
    }
  }

  /// The row of every id.
  func rows(of ids: Tensor) -> [Int] {
    let largest = Float(vocabularySize - 1)
    return ids.withValues { $0.map { Int(min(max($0, 0), largest)) } }
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("table", &table)
  }
}

extension Layer {
  /// The number of ids that the first embedding inside knows; nil without one.
  public var idCount: Int? {
    for case let embedding as Embedding in allLayers { return embedding.vocabularySize }
    return nil
  }

  /// The places, among the weights, of the tables whose rows are looked up by the ids of the inputs themselves.
  var tablesOfInputs: [Int] {
    switch self {
    case is Embedding: return [0]
    case let serial as Serial: return serial.layers.first?.tablesOfInputs ?? []
    case let branch as Branch:
      var (tables, first) = ([Int](), 0)
      for layer in branch.sublayers {
        tables += layer.tablesOfInputs.map { $0 + first }
        first += layer.weights.count
      }
      return tables
    default: return []
    }
  }
}
