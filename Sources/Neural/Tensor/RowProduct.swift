import CKernels

/// What the last bits of a matrix product depend on.
public enum ProductRounding: Sendable {
  /// On the shape of the product: OpenBLAS sums up in the order that is fastest for it.
  case ofWholeProduct
  /// On the row and the matrix alone: a row has the same bits whatever rows stand beside it, so that what goes through a
  /// model in one batch gives, to the bit, what each row gives alone.
  case ofEachRow
}

/// How products are rounded. Set when a program starts.
nonisolated(unsafe) var productRounding = ProductRounding.ofWholeProduct

/// `c ← a · b`, or `c ← c + a · b`, where every element of c is summed up along the inner axis from its first step to its
/// last.
func multiplyRows(_ a: Matrix, _ b: Matrix, into c: UnsafeMutablePointer<Float>, adding: Bool) {
  guard !a.isTransposed else { return withTransposed(a) { multiplyRows($0, b, into: c, adding: adding) } }
  let (rows, columns) = (a.rows, b.columns)
  if !adding { c.update(repeating: 0, count: rows * columns) }
  let panels = (columns + RowProduct.panelWidth - 1) / RowProduct.panelWidth
  let tiles = (rows + RowProduct.tileHeight - 1) / RowProduct.tileHeight
  // Every chunk makes its own panels of b, so that chunks of columns share nothing.
  if tiles > 2 * panels {
    inRanges(of: tiles, work: RowProduct.tileHeight * a.columns * columns) { range in
      let first = range.lowerBound * RowProduct.tileHeight
      let end = min(range.upperBound * RowProduct.tileHeight, rows)
      RowProduct(a, b, c).add(rows: first..<end, columns: 0..<columns)
    }
  } else {
    inRanges(of: panels, work: RowProduct.panelWidth * a.columns * rows) { range in
      let first = range.lowerBound * RowProduct.panelWidth
      let end = min(range.upperBound * RowProduct.panelWidth, columns)
      RowProduct(a, b, c).add(rows: 0..<rows, columns: first..<end)
    }
  }
}

/// Calls `body` with the matrix that a transposed view means.
private func withTransposed(_ a: Matrix, _ body: (Matrix) -> Void) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: a.rows * a.columns) { copy in
    for row in 0..<a.rows {
      for column in 0..<a.columns { copy[row * a.columns + column] = a.start[column * a.storedColumns + row] }
    }
    body(Matrix(copy.baseAddress!, a.rows, a.columns))
  }
}

/// Parts of the product of two matrices, which are added to a third.
struct RowProduct {
  /// The columns of a panel, and the rows that the kernel works on at once.
  static let panelWidth = kernel_panel_width, tileHeight = kernel_tile_height
  /// How many rows, steps of the inner axis and panels are worked on at once: as many as the caches hold.
  static let rows = 126
  private static let depth = 512, panels = 16

  private let a: Matrix, b: Matrix, c: UnsafeMutablePointer<Float>

  init(_ a: Matrix, _ b: Matrix, _ c: UnsafeMutablePointer<Float>) { (self.a, self.b, self.c) = (a, b, c) }

  func add(rows: Range<Int>, columns: Range<Int>) {
    if rows.count < Self.tileHeight, !b.isTransposed { return addWithoutPanels(rows, columns) }
    let width = Self.panelWidth
    withUnsafeTemporaryAllocation(
      of: Float.self, capacity: min(Self.depth, a.columns) * min(Self.panels * width, columns.count + width)
    ) { buffer in
      for firstColumn in stride(from: columns.lowerBound, to: columns.upperBound, by: Self.panels * width) {
        let group = firstColumn..<min(firstColumn + Self.panels * width, columns.upperBound)
        for firstStep in stride(from: 0, to: a.columns, by: Self.depth) {
          let steps = firstStep..<min(firstStep + Self.depth, a.columns)
          Self.pack(b, steps, group, into: buffer.baseAddress!)
          for firstRow in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.rows) {
            add(firstRow..<min(firstRow + Self.rows, rows.upperBound), steps, group, buffer.baseAddress!)
          }
        }
      }
    }
  }

  /// Makes panels of some rows and columns of a matrix, one behind the other.
  static func pack(
    _ matrix: Matrix, _ steps: Range<Int>, _ columns: Range<Int>, into panels: UnsafeMutablePointer<Float>
  ) {
    let (rowStride, columnStride) = matrix.isTransposed ? (1, matrix.storedColumns) : (matrix.storedColumns, 1)
    for column in stride(from: columns.lowerBound, to: columns.upperBound, by: panelWidth) {
      kernel_pack(
        panels + (column - columns.lowerBound) * steps.count,
        matrix.start + steps.lowerBound * rowStride + column * columnStride, rowStride, columnStride, steps.count,
        min(panelWidth, columns.upperBound - column))
    }
  }

  private func add(
    _ rows: Range<Int>, _ steps: Range<Int>, _ columns: Range<Int>, _ panels: UnsafePointer<Float>
  ) {
    for column in stride(from: columns.lowerBound, to: columns.upperBound, by: Self.panelWidth) {
      kernel_add_product(
        c + rows.lowerBound * b.columns + column, b.columns,
        a.start + rows.lowerBound * a.columns + steps.lowerBound, a.columns,
        panels + (column - columns.lowerBound) * steps.count, rows.count, steps.count,
        min(Self.panelWidth, columns.upperBound - column))
    }
  }

  /// The same for few rows, for which panels would cost more than they save.
  private func addWithoutPanels(_ rows: Range<Int>, _ columns: Range<Int>) {
    for row in rows {
      kernel_add_row_product(
        c + row * b.columns + columns.lowerBound, a.start + row * a.columns, b.start + columns.lowerBound,
        b.columns, a.columns, columns.count)
    }
  }
}
