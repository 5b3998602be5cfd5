import CKernels

/// An embedding and the mean over time behind it in one, without the rows between them. PyTorch calls it
/// `EmbeddingBag`.
///
///     ids  [batch, time]
///     y    [batch, depth]
///
/// `Mean` puts it in the place of the two, whose numbers it gives, bit for bit; the weights stay with them.
struct EmbeddingMean: UnaryLayer {
  private let lookup: Lookup

  init(_ lookup: Lookup) { self.lookup = lookup }

  var name: String { "EmbeddingMean" }

  func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { [input[0], lookup.table.depth] }

  func forward(_ ids: Tensor) -> Forward {
    let (batch, time, depth) = (ids.shape[0], ids.shape[1], lookup.table.depth)
    let scale = 1 / Float(time)
    let rows = lookup.rows(of: ids)
    let y = lookup.table.withValues { table in
      Tensor(shape: [batch, depth]) { y in
        rows.withUnsafeBufferPointer { rows in
          inRanges(of: batch, work: time * depth) { items in
            for item in items {
              let y = y.baseAddress! + item * depth
              kernel_sum_rows(y, table.baseAddress!, rows.baseAddress! + item * time, time, depth)
              for index in 0..<depth { y[index] *= scale }
            }
          }
        }
      }
    }
    return Forward(output: y) { dy in
      let set = RowSet(rows)
      let indices = rows.map(set.index)
      let shares = dy.map { $0 * scale }
      let sums = shares.withValues { shares in
        Tensor(shape: [set.rows.count, depth]) { sums in
          sums.update(repeating: 0)
          indices.withUnsafeBufferPointer { indices in
            inRanges(of: depth, work: batch * time) { columns in
              let first = columns.lowerBound
              for item in 0..<batch {
                kernel_add_to_rows(
                  sums.baseAddress! + first, shares.baseAddress! + item * depth + first,
                  indices.baseAddress! + item * time, time, depth, columns.count)
              }
            }
          }
        }
      }
      return Gradients(
        input: Tensor(repeating: 0, shape: ids.shape), weights: [.rows(set.rows, values: sums)])
    }
  }
}
