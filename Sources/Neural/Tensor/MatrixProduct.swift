import COpenBLAS
import Threads

extension Tensor {
  /// The matrix product `op(self) · op(other)`, by OpenBLAS or as its rounding asks for.
  ///
  ///     self    [..., inner]  as a matrix of its rows; transposed: [inner, ...] read the other way
  ///     other   [inner, columns]; transposed: [columns, inner]
  ///     result  [..., columns]; with `transposeSelf` [self.depth, columns]
  ///
  /// - Parameter rounding: How its sums are rounded; nil for what `setMatrixThreads` was told.
  /// - Precondition: The inner axes have the same length, and no matrix more than 2³¹ − 1 elements.
  public func matmul(
    _ other: Tensor, transposeSelf: Bool = false, transposeOther: Bool = false, rounding: ProductRounding? = nil
  ) -> Tensor {
    let resultRows = transposeSelf ? depth : rows
    let resultColumns = transposeOther ? other.rows : other.depth
    precondition(
      (transposeSelf ? rows : depth) == (transposeOther ? other.depth : other.rows),
      "can't multiply \(shape)\(transposeSelf ? " transposed" : "") by \(other.shape)\(transposeOther ? " transposed" : "")"
    )
    return withValues { a in
      other.withValues { b in
        Tensor(shape: transposeSelf ? [resultRows, resultColumns] : shape.dropLast() + [resultColumns]) { c in
          guard c.count > 0 else { return }
          multiply(
            Matrix(a.baseAddress!, rows, depth, isTransposed: transposeSelf),
            Matrix(b.baseAddress!, other.rows, other.depth, isTransposed: transposeOther), into: c.baseAddress!,
            rounding: rounding)
        }
      }
    }
  }
}

/// A non-owning view of a row-major matrix, or its transpose.
struct Matrix {
  /// The first element, the rows and columns as they lie in memory, and whether the transpose is meant.
  let start: UnsafePointer<Float>, storedRows: Int, storedColumns: Int, isTransposed: Bool

  init(_ start: UnsafePointer<Float>, _ rows: Int, _ columns: Int, isTransposed: Bool = false) {
    (self.start, storedRows, storedColumns, self.isTransposed) = (start, rows, columns, isTransposed)
  }

  var transposed: Matrix { Matrix(start, storedRows, storedColumns, isTransposed: !isTransposed) }
  var rows: Int { isTransposed ? storedColumns : storedRows }
  var columns: Int { isTransposed ? storedRows : storedColumns }
}

/// `c ← a · b`, or `c ← c + a · b`, by OpenBLAS or, where rows are to be independent, by `multiplyRows`.
///
/// A large product is made in chunks, which depend on its size alone: OpenBLAS rounds the elements at the edges of what
/// a thread gets otherwise than those inside, so its own threads would give other bits for another number of threads.
func multiply(
  _ a: Matrix, _ b: Matrix, into c: UnsafeMutablePointer<Float>, adding: Bool = false, rounding: ProductRounding? = nil
) {
  precondition(a.columns == b.rows, "can't multiply \(a.rows) × \(a.columns) by \(b.rows) × \(b.columns)")
  precondition(
    max(a.rows * a.columns, b.rows * b.columns, a.rows * b.columns) <= Int(Int32.max),
    "a matrix is too large for OpenBLAS")
  let (rows, columns) = (a.rows, b.columns)
  guard a.columns > 0 else {
    if !adding { c.update(repeating: 0, count: rows * columns) }
    return
  }
  if (rounding ?? productRounding) == .ofEachRow { return multiplyRows(a, b, into: c, adding: adding) }
  let chunks = ProductChunks(rows, a.columns, columns)
  inChunks(chunks.count) { chunk in
    let range = chunks[chunk]
    if chunks.areOfRows {
      multiplyChunk(a, rows: range, b, columns: 0..<columns, into: c, adding)
    } else {
      multiplyChunk(a, rows: 0..<rows, b, columns: range, into: c, adding)
    }
  }
}

/// The rows or columns of c in which a product is made: small ones would cost more to share than to make.
struct ProductChunks {
  /// Whether they are rows, since there are more of them; else columns.
  let areOfRows: Bool
  /// How many rows or columns there are, and how many a chunk has but for the last one.
  private let all: Int, length: Int
  /// How many multiplications a row or column is.
  private let workOfEach: Int

  init(_ rows: Int, _ inner: Int, _ columns: Int) {
    areOfRows = rows > columns
    all = max(rows, columns)
    workOfEach = inner * min(rows, columns)
    var chunks =
      switch all * workOfEach {
      case ..<(1 << 17): 1
      case ..<(1 << 22): 2
      case ..<(1 << 27): 4
      default: 8
      }
    // The columns of a vector's product do not depend on where they stand, and reading all of a row is fastest.
    if rows == 1, chunks > 1 { chunks = workers?.threads ?? 1 }
    // Multiples that suit the widest registers.
    length = ((all + chunks - 1) / chunks + 63) / 64 * 64
  }

  var count: Int { (all + length - 1) / length }

  subscript(chunk: Int) -> Range<Int> { chunk * length..<min((chunk + 1) * length, all) }

  /// The multiplications of the smallest chunk.
  var leastWork: Int { self[count - 1].count * workOfEach }
}

/// Some rows and columns of a product. The only place that calls OpenBLAS.
private func multiplyChunk(
  _ a: Matrix, rows: Range<Int>, _ b: Matrix, columns: Range<Int>, into c: UnsafeMutablePointer<Float>, _ adding: Bool
) {
  let blas = OpenBLAS.functions
  OpenBLAS.limit?.wait()
  defer { OpenBLAS.limit?.signal() }
  let aStart = a.start + rows.lowerBound * (a.isTransposed ? 1 : a.storedColumns)
  let bStart = b.start + columns.lowerBound * (b.isTransposed ? b.storedColumns : 1)
  let cStart = c + rows.lowerBound * b.columns + columns.lowerBound
  let beta: Float = adding ? 1 : 0
  func transposition(_ isTransposed: Bool) -> Int32 {
    Int32(isTransposed ? openblas_transposed : openblas_as_it_is)
  }
  if a.rows == 1 {
    // A vector times a matrix: sgemv moves the matrix through memory twice as fast as sgemm does.
    let (storedRows, storedColumns) = b.isTransposed ? (columns.count, b.rows) : (b.rows, columns.count)
    blas.sgemv(
      Int32(openblas_row_major), transposition(!b.isTransposed), Int32(storedRows), Int32(storedColumns), 1, bStart,
      Int32(b.storedColumns), aStart, 1, beta, cStart, 1)
  } else {
    blas.sgemm(
      Int32(openblas_row_major), transposition(a.isTransposed), transposition(b.isTransposed), Int32(rows.count),
      Int32(columns.count), Int32(a.columns), 1, aStart, Int32(a.storedColumns), bStart, Int32(b.storedColumns), beta,
      cStart, Int32(b.columns))
  }
}
