/// The gradient of one weight.
public enum Gradient: Sendable {
  /// A number for each of the weight's.
  case dense(Tensor)
  /// Rows of a table, zero elsewhere: `values[i]` belongs to row `rows[i]`. A row that stands there more than once has
  /// the sum.
  case rows([Int], values: Tensor)

  /// The gradient as a tensor of the weight's shape.
  public func dense(shape: [Int]) -> Tensor {
    switch self {
    case .dense(let tensor): return tensor
    case .rows(let rows, let values):
      var result = Tensor(repeating: 0, shape: shape)
      let depth = values.depth
      result.withMutableValues { result in
        values.withValues { values in
          for (index, row) in rows.enumerated() {
            for column in 0..<depth { result[row * depth + column] += values[index * depth + column] }
          }
        }
      }
      return result
    }
  }

  /// Makes the gradient of a row of a table 0.
  mutating func clear(row: Int) {
    switch self {
    case .dense(var tensor):
      self = .dense(Tensor.empty)
      let depth = tensor.depth
      tensor.withMutableValues { for index in row * depth..<(row + 1) * depth { $0[index] = 0 } }
      self = .dense(tensor)
    case .rows(let rows, var values):
      self = .rows([], values: Tensor.empty)
      let depth = values.depth
      values.withMutableValues { values in
        for (place, other) in rows.enumerated() where other == row {
          for index in place * depth..<(place + 1) * depth { values[index] = 0 }
        }
      }
      self = .rows(rows, values: values)
    }
  }

  /// The sum of two gradients of one weight.
  static func + (a: Gradient, b: Gradient) -> Gradient {
    switch (a, b) {
    case (.dense(let a), .dense(let b)): return .dense(a.zip(b, +))
    case (.rows(let a, let values), .rows(let b, let others)):
      let flat = [values, others].map { $0.reshaped([$0.rows, $0.depth]) }
      return .rows(a + b, values: Tensor.concatenate(flat, axis: 0))
    case (.dense(let dense), let rows), (let rows, .dense(let dense)):
      return .dense(dense.zip(rows.dense(shape: dense.shape), +))
    }
  }
}
