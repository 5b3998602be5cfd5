import Neural
import Random

/// The sum over time: `y[b, :] = Σₜ x[b, t, :]`.
///
///     x  [batch, time, depth]
///     y  [batch, depth]
struct SumOverTime: UnaryLayer {
  var name: String { "SumOverTime" }

  func outputShape(_ input: [Int]) throws(LayerError) -> [Int] {
    guard input.count == 3 else { throw LayerError("\(name) takes inputs [batch, time, depth], not \(input)") }
    return [input[0], input[2]]
  }

  func forward(_ x: Tensor) -> Forward {
    Forward(output: x.sum(axis: 1, keepsDimensions: false)) { dy in
      Gradients(input: dy.reshaped([x.shape[0], 1, x.depth]).broadcast(to: x.shape))
    }
  }

  /// Behind a table that ids look up, `TableSum` does the work of both.
  func fused(behind lookup: Lookup, ids: [Int]?) -> (any Layer)? {
    guard let ids, ids.count == 2 else { return nil }
    return TableSum(lookup)
  }
}

/// A table and the sum over time behind it in one, without the rows `[batch, time, depth]` between them.
///
///     ids  [batch, time]
///     y    [batch, depth]
///
/// The sums are in the order of the two layers, so the numbers are theirs, bit for bit.
struct TableSum: UnaryLayer {
  let lookup: Lookup

  init(_ lookup: Lookup) { self.lookup = lookup }

  var name: String { "TableSum" }

  func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { [input[0], lookup.table.depth] }

  func forward(_ ids: Tensor) -> Forward {
    let (batch, time, depth) = (ids.shape[0], ids.shape[1], lookup.table.depth)
    let rows = lookup.rows(of: ids)
    let output = lookup.table.withValues { table in
      Tensor(shape: [batch, depth]) { y in
        y.update(repeating: 0)
        for (index, row) in rows.enumerated() {
          for d in 0..<depth { y[index / time * depth + d] += table[row * depth + d] }
        }
      }
    }
    return Forward(output: output) { dy in
      // Every row that was looked up has the gradient of its sum.
      let values = dy.reshaped([batch, 1, depth]).broadcast(to: [batch, time, depth])
      return Gradients(input: Tensor(repeating: 0, shape: ids.shape), weights: [.rows(rows, values: values)])
    }
  }
}
