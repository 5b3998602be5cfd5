import CKernels
import Random

/// A matrix by which others are multiplied from the left, one after the other, as the states of a recurrent layer are.
///
/// Its panels are made once, where OpenBLAS makes them anew for every product: a sixth of the time of a training step of
/// two GRUs of 512 units. That is done where it gives the bits that `multiply` gives.
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
    let isWorthIt = products > 1 && rows >= RowProduct.tileHeight && matrix.rows * matrix.columns > 0
    self.init(matrix, blocks: isWorthIt ? Self.blocks(rows, matrix.rows, matrix.columns) : nil)
  }

  /// - Parameter blocks: The parts of the inner axis; nil for no panels.
  private init(_ matrix: Matrix, blocks: [Range<Int>]?) {
    self.matrix = matrix
    self.blocks = blocks ?? []
    let (inner, columns, width) = (matrix.rows, matrix.columns, RowProduct.panelWidth)
    let count = (columns + width - 1) / width
    panels = blocks.map { _ in
      Tensor(shape: [count, inner, width]) { panels in
        let start = panels.baseAddress!
        inRanges(of: count, work: inner * width) { range in
          let part = range.lowerBound * width..<min(range.upperBound * width, columns)
          RowProduct.pack(matrix, 0..<inner, part, into: start + range.lowerBound * inner * width)
        }
      }
    }
  }

  /// The inner axis in the parts whose sums `multiply` makes at once for products of a size; nil where it sums up in
  /// another order.
  private static func blocks(_ rows: Int, _ inner: Int, _ columns: Int) -> [Range<Int>]? {
    if productRounding == .ofEachRow { return [0..<inner] }
    // OpenBLAS has kernels of their own for smaller products.
    guard ProductChunks(rows, inner, columns).leastWork > 1_000_000 else { return nil }
    return openBLASParts.map { $0.blocks(of: inner) }
  }

  /// How OpenBLAS parts the inner axis: into blocks of `most` steps, and what is less than two of them into halves, the
  /// first of which is a multiple of some steps.
  private struct Parts {
    let most: Int
    let multiple = 16

    func blocks(of inner: Int) -> [Range<Int>] {
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

    /// Whether a product in these parts has the bits of OpenBLAS.
    var areThoseOfOpenBLAS: Bool {
      let (rows, inner, columns) = (32, 900, 64)
      let a = Tensor(RandomKey(1).uniform(rows * inner, -1, 1), shape: [rows, inner])
      let b = Tensor(RandomKey(2).uniform(inner * columns, -1, 1), shape: [inner, columns])
      let factor = RightFactor(Matrix(b.start, inner, columns), blocks: blocks(of: inner))
      let product = Tensor(shape: [rows, columns]) { c in
        factor.multiply(Matrix(a.start, rows, inner), into: c.baseAddress!)
      }
      return product == a.matmul(b, rounding: .ofWholeProduct)
    }
  }

  /// The parts of OpenBLAS's kernels for AVX-512 (Cooperlake, SkylakeX), if it has taken one of these; nil for the
  /// others, whose sums have another order.
  private static let openBLASParts = [Parts(most: 320), Parts(most: 448)].first(where: \.areThoseOfOpenBLAS)

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
