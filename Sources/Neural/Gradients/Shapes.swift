extension Variable {
  /// The matrix product `self · other`: `[..., inner] · [inner, columns]`.
  /// - Precondition: `other` is a matrix, with as many rows as this has columns.
  public func matmul(_ other: Variable) -> Variable {
    precondition(other.shape.count == 2, "the second factor must be a matrix, not \(other.shape)")
    let (a, b) = (self, other)
    return Variable(
      value.matmul(other.value),
      [
        .init(variable: a) { $0.matmul(b.transposed()) },
        .init(variable: b) { a.flattened().transposed().matmul($0.flattened()) },
      ])
  }

  /// All axes but the last as one.
  private func flattened() -> Variable { reshaped([value.rows, value.depth]) }

  /// The same numbers under another shape.
  public func reshaped(_ shape: [Int]) -> Variable {
    let own = self.shape
    if own == shape { return self }
    return Variable(value.reshaped(shape), [.init(variable: self) { $0.reshaped(own) }])
  }

  /// The last two axes exchanged.
  public func transposed() -> Variable {
    Variable(value.transposed(), [.init(variable: self) { $0.transposed() }])
  }

  /// The sum of all numbers.
  public func sum() -> Variable { summed(to: [Int](repeating: 1, count: shape.count)).reshaped([]) }

  /// The sums along an axis.
  public func sum(axis: Int, keepsDimensions: Bool = false) -> Variable {
    var kept = shape
    kept[value.axis(axis)] = 1
    let sums = summed(to: kept)
    return keepsDimensions ? sums : sums.reshaped(removing(axis))
  }

  /// The mean of all numbers.
  public func mean() -> Variable { sum() / Variable(Tensor([Float(value.count)], shape: [])) }

  /// The means along an axis.
  public func mean(axis: Int, keepsDimensions: Bool = false) -> Variable {
    let length = Float(shape[value.axis(axis)])
    return sum(axis: axis, keepsDimensions: keepsDimensions) / Variable(Tensor([length], shape: []))
  }

  /// The largest numbers along an axis. The gradient goes to the largest; equal ones share it.
  public func max(axis: Int, keepsDimensions: Bool = false) -> Variable {
    let (outer, length, inner) = value.around(value.axis(axis))
    var kept = shape
    kept[value.axis(axis)] = 1
    let largest = value.withValues { x in
      Tensor(shape: kept) { y in
        for o in 0..<outer {
          for index in 0..<inner {
            y[o * inner + index] = (0..<length).map { x[(o * length + $0) * inner + index] }.max()!
          }
        }
      }
    }
    let hits = value.zip(largest.broadcast(to: shape)) { $0 == $1 ? 1 : 0 }
    let share = hits.zip(hits.summed(to: kept).broadcast(to: shape), /)
    let result = Variable(largest, [.init(variable: self) { $0 * Variable(share) }])
    return keepsDimensions ? result : result.reshaped(removing(axis))
  }

  /// Rows of a table: `result[..., :] = self[ids[...], :]` for ids as exact floats.
  /// - Precondition: This is a matrix, and the ids are indices of its rows.
  public func gather(_ ids: Tensor) -> Variable {
    let rows = ids.values.map { Int($0) }
    let (count, depth) = (shape[0], value.depth)
    precondition(shape.count == 2 && rows.allSatisfy { 0..<count ~= $0 }, "ids must be rows of a table \(shape)")
    let gathered = value.withValues { x in
      Tensor(shape: ids.shape + [depth]) { y in
        for (position, row) in rows.enumerated() {
          for index in 0..<depth { y[position * depth + index] = x[row * depth + index] }
        }
      }
    }
    return Variable(gathered, [.init(variable: self) { $0.scattered(rows, ids: ids, count: count) }])
  }

  /// The backward pass of `gather`: rows added up at their ids.
  private func scattered(_ rows: [Int], ids: Tensor, count: Int) -> Variable {
    let flat = value.reshaped([rows.count, value.depth])
    let sums = Gradient.rows(rows, values: flat).dense(shape: [count, value.depth])
    return Variable(sums, [.init(variable: self) { $0.gather(ids) }])
  }

  /// The indices of `range` along an axis.
  public func slice(axis: Int, _ range: Range<Int>) -> Variable {
    let axis = value.axis(axis)
    let length = shape[axis]
    let own = shape
    return Variable(
      value.slice(axis: axis, range),
      [
        .init(variable: self) { g in
          func zeros(_ count: Int) -> Variable {
            var shape = own
            shape[axis] = count
            return Variable(Tensor(repeating: 0, shape: shape))
          }
          return concatenate([zeros(range.lowerBound), g, zeros(length - range.upperBound)], axis: axis)
        }
      ])
  }

  private func removing(_ axis: Int) -> [Int] {
    var shape = shape
    shape.remove(at: value.axis(axis))
    return shape
  }
}

/// Variables one after the other along an axis.
public func concatenate(_ parts: [Variable], axis: Int = -1) -> Variable {
  let axis = parts[0].value.axis(axis)
  var start = 0
  let operands = parts.map { part in
    let range = start..<start + part.shape[axis]
    start = range.upperBound
    return Variable.Operand(variable: part) { $0.slice(axis: axis, range) }
  }
  return Variable(Tensor.concatenate(parts.map(\.value), axis: axis), operands)
}
