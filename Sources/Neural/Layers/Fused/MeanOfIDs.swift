import CKernels

/// An embedding and the mean over time behind it in one, without the rows between them.
///
///     ids  [batch, time]
///     y    [batch, depth]
///
/// `Serial` puts it in the place of the two, whose numbers it gives, bit for bit; the weights stay with them.
struct MeanOfIDs: UnaryLayer {
  private let embedding: Embedding

  /// The two in one, if they are that.
  init?(_ first: any Layer, _ second: any Layer) {
    guard let embedding = first as? Embedding, let mean = second as? Mean, mean.axis == 1, !mean.keepsDimensions else {
      return nil
    }
    self.embedding = embedding
  }

  var name: String { "\(embedding.name) Mean" }

  func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { [input[0], embedding.depth] }

  func forward(_ ids: Tensor) -> Forward {
    let (batch, time, depth) = (ids.shape[0], ids.shape[1], embedding.depth)
    let scale = 1 / Float(time)
    let rows = embedding.rows(of: ids)
    let y = embedding.table.withValues { table in
      Tensor(shape: [batch, depth]) { y in
        rows.withUnsafeBufferPointer { rows in
          inRanges(of: batch, work: time * depth) { places in
            for place in places {
              let y = y.baseAddress! + place * depth
              kernel_sum_rows(y, table.baseAddress!, rows.baseAddress! + place * time, time, depth)
              for index in 0..<depth { y[index] *= scale }
            }
          }
        }
      }
    }
    return Forward(output: y) { dy in
      let set = RowSet(rows)
      let places = rows.map(set.place)
      let shares = dy.map { $0 * scale }
      let sums = shares.withValues { shares in
        Tensor(shape: [set.rows.count, depth]) { sums in
          sums.update(repeating: 0)
          places.withUnsafeBufferPointer { places in
            inRanges(of: depth, work: batch * time) { columns in
              let first = columns.lowerBound
              for place in 0..<batch {
                kernel_add_to_rows(
                  sums.baseAddress! + first, shares.baseAddress! + place * depth + first,
                  places.baseAddress! + place * time, time, depth, columns.count)
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
