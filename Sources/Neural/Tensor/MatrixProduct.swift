import COpenBLAS

extension Tensor {
  /// The matrix product `op(self) · op(other)`, by OpenBLAS.
  ///
  ///     self    [..., inner]  as a matrix of its rows; transposed: [inner, ...] read the other way
  ///     other   [inner, columns]; transposed: [columns, inner]
  ///     result  [..., columns]; with `transposeSelf` [self.depth, columns]
  public func matmul(_ other: Tensor, transposeSelf: Bool = false, transposeOther: Bool = false) -> Tensor {
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
            Matrix(b.baseAddress!, other.rows, other.depth, isTransposed: transposeOther), into: c.baseAddress!)
        }
      }
    }
  }
}

/// A row-major matrix in somebody's memory, or its transpose.
struct Matrix {
  /// The first number, the rows and columns as they lie in memory, and whether they are meant the other way round.
  let start: UnsafePointer<Float>, storedRows: Int, storedColumns: Int, isTransposed: Bool

  init(_ start: UnsafePointer<Float>, _ rows: Int, _ columns: Int, isTransposed: Bool = false) {
    (self.start, storedRows, storedColumns, self.isTransposed) = (start, rows, columns, isTransposed)
  }

  var transposed: Matrix { Matrix(start, storedRows, storedColumns, isTransposed: !isTransposed) }
  var rows: Int { isTransposed ? storedColumns : storedRows }
  var columns: Int { isTransposed ? storedRows : storedColumns }
}

/// `c ← a · b`, or `c ← c + a · b`, by OpenBLAS. The only place that calls it.
func multiply(_ a: Matrix, _ b: Matrix, into c: UnsafeMutablePointer<Float>, adding: Bool = false) {
  precondition(a.columns == b.rows, "can't multiply \(a.rows) × \(a.columns) by \(b.rows) × \(b.columns)")
  precondition(
    max(a.rows * a.columns, b.rows * b.columns, a.rows * b.columns) <= Int(Int32.max),
    "a matrix is too large for OpenBLAS")
  guard a.columns > 0 else {
    if !adding { c.update(repeating: 0, count: a.rows * b.columns) }
    return
  }
  let beta: Float = adding ? 1 : 0
  if a.rows == 1 {
    // A vector times a matrix: sgemv moves the matrix through memory twice as fast as sgemm does.
    cblas_sgemv(
      CblasRowMajor, b.isTransposed ? CblasNoTrans : CblasTrans, blasint(b.storedRows), blasint(b.storedColumns), 1,
      b.start, blasint(b.storedColumns), a.start, 1, beta, c, 1)
  } else {
    cblas_sgemm(
      CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
      blasint(a.rows), blasint(b.columns), blasint(a.columns), 1, a.start, blasint(a.storedColumns), b.start,
      blasint(b.storedColumns), beta, c, blasint(b.columns))
  }
}

/// Sets the number of threads that matrix products use.
public func setMatrixThreads(_ count: Int) { openblas_set_num_threads(Int32(count)) }
