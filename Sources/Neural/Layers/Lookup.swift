/// A table whose rows ids look up: what a layer like `Embedding` is to the layer behind it, which may do the work of
/// both.
///
///     ids    [...]
///     table  [rows, depth]
///     y      [..., depth]
public struct Lookup: Sendable {
  /// The rows, `[rows, depth]`.
  public let table: Tensor

  /// - Parameter table: `[rows, depth]`, with at least one row.
  public init(_ table: Tensor) { self.table = table }

  /// The index of the row of every id. Ids are exact floats; those outside the table count as the nearest inside, and
  /// what is no number as 0.
  public func rows(of ids: Tensor) -> [Int] { ids.rowIndices(count: table.shape[0]) }

  /// The rows of ids, and the backward pass, whose one weight is the table.
  public func forward(_ ids: Tensor) -> Forward {
    let (rows, depth) = (rows(of: ids), table.depth)
    let output = table.withValues { table in
      Tensor(shape: ids.shape + [depth]) { output in
        for (position, row) in rows.enumerated() {
          (output.baseAddress! + position * depth).update(from: table.baseAddress! + row * depth, count: depth)
        }
      }
    }
    return Forward(output: output) { dy in
      Gradients(input: Tensor(repeating: 0, shape: ids.shape), weights: [.rows(rows, values: dy)])
    }
  }
}

extension Tensor {
  /// The row of every id in a table of `count` rows: the one rule from ids to rows, so that whatever a layer before
  /// makes is a row of the table.
  func rowIndices(count: Int) -> [Int] {
    let largest = Float(count - 1)
    return withValues { $0.map { Int(min($0 >= 0 ? $0 : 0, largest)) } }
  }
}
