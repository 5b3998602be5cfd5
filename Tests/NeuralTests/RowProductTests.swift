import Neural
import Random
import Testing

/// Products whose rows are rounded one by one.
@Suite struct RowProductTests {
  static func numbers(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Tensor {
    Tensor(RandomKey(seed).normal(rows * columns), shape: [rows, columns])
  }

  /// Rows and columns around those of tiles and panels, inner axes around a block's, and none of either.
  static let shapes = [
    (1, 1, 1), (1, 300, 40), (2, 17, 16), (5, 64, 31), (6, 513, 16), (7, 1, 33), (12, 100, 15), (23, 1030, 48),
    (130, 40, 600), (700, 24, 5), (0, 3, 4), (3, 0, 4), (3, 4, 0),
  ]

  @Test(arguments: shapes, [(false, false), (true, false), (false, true), (true, true)])
  func productsAreThoseOfDoublePrecision(
    _ shape: (rows: Int, inner: Int, columns: Int), _ transposed: (a: Bool, b: Bool)
  ) {
    let (a, b) = (Self.numbers(shape.rows, shape.inner, 1), Self.numbers(shape.inner, shape.columns, 2))
    let product = (transposed.a ? a.transposed() : a).matmul(
      transposed.b ? b.transposed() : b, transposeSelf: transposed.a, transposeOther: transposed.b,
      rounding: .ofEachRow)
    #expect(product.shape == [shape.rows, shape.columns])
    let (aValues, bValues, values) = (a.values, b.values, product.values)
    for row in 0..<shape.rows {
      for column in 0..<shape.columns {
        var (sum, size) = (0.0, 1e-6)
        for k in 0..<shape.inner {
          let term = Double(aValues[row * shape.inner + k]) * Double(bValues[k * shape.columns + column])
          sum += term
          size += abs(term)
        }
        let value = Double(values[row * shape.columns + column])
        #expect(abs(value - sum) < 1e-6 * size, "\(row), \(column)")
        guard abs(value - sum) < 1e-6 * size else { return }
      }
    }
  }

  /// That a text's perplexity depended on the texts beside it would show here first.
  @Test(arguments: [(40, 70), (1030, 600), (64, 5)]) func aRowHasTheSameBitsBesideAnyOthers(
    _ inner: Int, _ columns: Int
  ) {
    let (a, b) = (Self.numbers(131, inner, 3), Self.numbers(inner, columns, 4))
    let whole = a.matmul(b, rounding: .ofEachRow)
    for count in [1, 2, 5, 6, 7, 64, 127] {
      for first in [0, 3, 131 - count] {
        let part = a.slice(axis: 0, first..<first + count).matmul(b, rounding: .ofEachRow)
        #expect(part == whole.slice(axis: 0, first..<first + count), "\(count) rows from \(first)")
      }
    }
    let other = a.matmul(b.transposed(), transposeOther: true, rounding: .ofEachRow)
    #expect(other == whole)
  }
}
