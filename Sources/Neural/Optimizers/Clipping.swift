extension [Gradient] {
  /// The root of the sum of the squares of all numbers of all gradients (Trax: `l2_norm`).
  public var norm: Float {
    let squares = reduce(0.0) { sum, gradient in
      gradient.compacted.values.withValues { $0.reduce(sum) { $0 + Double($1) * Double($1) } }
    }
    return Float(squares.squareRoot())
  }

  /// The gradients, all scaled down by one factor if their norm is larger than `maximum` (Trax: `clip_grads`).
  public func clipped(toNorm maximum: Float) -> [Gradient] {
    let norm = norm
    guard norm >= maximum, norm > 0 else { return self }
    let scale = maximum / norm
    return map { gradient in
      switch gradient {
      case .dense(let tensor): .dense(tensor.map { $0 * scale })
      case .rows(let rows, let values): .rows(rows, values: values.map { $0 * scale })
      }
    }
  }
}

extension Gradient {
  /// The rows that occur, each once and in order, and their sums; a dense gradient is a single row.
  var compacted: (rows: [Int], values: Tensor) {
    if case .dense(let tensor) = self { return ([0], tensor) }
    return gathered!
  }

  /// The rows that occur, each once and in order, and their sums; nil for a dense gradient.
  var gathered: (rows: [Int], values: Tensor)? {
    guard case .rows(let rows, let values) = self else { return nil }
    if zip(rows, rows.dropFirst()).allSatisfy({ $0 < $1 }) { return (rows, values) }
    let set = RowSet(rows)
    let sums = Gradient.rows(rows.map(set.index), values: values).dense(shape: [set.rows.count, values.depth])
    return (set.rows, sums)
  }
}
