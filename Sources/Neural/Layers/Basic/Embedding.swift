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

  public var idCount: Int? { vocabularySize }
  public var idTable: Int? { 0 }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    return try LayerPlan(name, outputs: [inputs[0] + [depth]], weights: [("table", [vocabularySize, depth])])
  }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { try fittingPlan([input]).outputs[0] }

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

  /// The row of every id: the one way into the table, so that whatever a layer before makes is a row of it. What is no
  /// number counts as 0.
  func rows(of ids: Tensor) -> [Int] {
    let largest = Float(vocabularySize - 1)
    return ids.withValues { $0.map { Int(min($0 >= 0 ? $0 : 0, largest)) } }
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("table", &table)
  }
}

extension Layer {
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
