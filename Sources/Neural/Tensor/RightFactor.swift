import CKernels

/// A matrix by which others are multiplied from the left, one after the other, as the states of a recurrent layer are.
///
/// Its panels are made once, where OpenBLAS makes them anew for every product: a quarter of the time of a training step
/// of two GRUs of 512 units.
struct RightFactor {
  private let matrix: Matrix
  /// The panels of all columns, `[panels, matrix.rows, panelWidth]`; nil where every product is one of `multiply`.
  private let panels: Tensor?
  /// The steps of the inner axis that are summed up at once.
  private let blocks: [Range<Int>]
  private let rounding = productRounding

  /// - Parameters:
  ///   - matrix: The memory that it means must last.
  ///   - rows: How many rows each of the others has.
  ///   - products: How many others there are.
  init(_ matrix: Matrix, rows: Int, products: Int) {
    self.matrix = matrix
    let (inner, columns, width) = (matrix.rows, matrix.columns, RowProduct.panelWidth)
    // OpenBLAS makes smaller products without panels.
    let fewest = rounding == .ofEachRow ? 1 : 1 << 23
    guard products > 1, rows >= RowProduct.tileHeight, rows * inner * columns >= fewest else {
      (panels, blocks) = (nil, [])
      return
    }
    let count = (columns + width - 1) / width
    panels = Tensor(shape: [count, inner, width]) { panels in
      let start = panels.baseAddress!
      inRanges(of: count, work: inner * width) { range in
        let part = range.lowerBound * width..<min(range.upperBound * width, columns)
        RowProduct.pack(matrix, 0..<inner, part, into: start + range.lowerBound * inner * width)
      }
    }
    blocks = rounding == .ofEachRow ? [0..<inner] : Self.blocks(of: inner)
  }

  /// The inner axis in the parts that OpenBLAS sums up at once on processors with AVX-512, so that there the bits are
  /// those of `multiply`: 320 steps, and of what is no more than twice that the half.
  private static func blocks(of inner: Int) -> [Range<Int>] {
    let (most, multiple) = (320, 16)
    var (blocks, start) = ([Range<Int>](), 0)
    while start < inner {
      let rest = inner - start
      let half = (rest / 2 + multiple - 1) / multiple * multiple
      let length = rest >= 2 * most ? most : rest > most ? half : rest
      blocks.append(start..<start + length)
      start += length
    }
    return blocks
  }

  /// `c ← a · matrix`, or `c ← c + a · matrix`.
  func multiply(_ a: Matrix, into c: UnsafeMutablePointer<Float>, adding: Bool = false) {
    guard let panels else { return Neural.multiply(a, matrix, into: c, adding: adding) }
    let (count, columns, width, height) = (
      panels.shape[0], matrix.columns, RowProduct.panelWidth, RowProduct.tileHeight
    )
    if !adding { c.update(repeating: 0, count: a.rows * columns) }
    let tiles = (a.rows + height - 1) / height
    if tiles > 2 * count {
      inRanges(of: tiles, work: height * a.columns * columns) { range in
        add(a, rows: range.lowerBound * height..<min(range.upperBound * height, a.rows), panels: 0..<count, to: c)
      }
    } else {
      inRanges(of: count, work: width * a.columns * a.rows) { add(a, rows: 0..<a.rows, panels: $0, to: c) }
    }
  }

  private func add(_ a: Matrix, rows: Range<Int>, panels range: Range<Int>, to c: UnsafeMutablePointer<Float>) {
    let (columns, width, most) = (matrix.columns, RowProduct.panelWidth, RowProduct.rows)
    let kernel = rounding == .ofEachRow ? kernel_add_product : kernel_add_whole_product
    for steps in blocks {
      for firstRow in stride(from: rows.lowerBound, to: rows.upperBound, by: most) {
        let count = min(most, rows.upperBound - firstRow)
        for panel in range {
          kernel(
            c + firstRow * columns + panel * width, columns, a.start + firstRow * a.columns + steps.lowerBound,
            a.columns, panels!.start + (panel * a.columns + steps.lowerBound) * width, count, steps.count,
            min(width, columns - panel * width))
        }
      }
    }
  }
}
