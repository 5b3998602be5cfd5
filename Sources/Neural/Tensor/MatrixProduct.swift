import COpenBLAS

extension Tensor {
  /// The matrix product `op(self) · op(other)`, by OpenBLAS.
  ///
  ///     self    [..., inner]  as a matrix of its rows; transposed: [inner, ...] read the other way
  ///     other   [inner, columns]; transposed: [columns, inner]
  ///     result  [..., columns]; with `transposeSelf` [self.depth, columns]
  public func matmul(_ other: Tensor, transposeSelf: Bool = false, transposeOther: Bool = false) -> Tensor {
    let (rows, inner) = transposeSelf ? (depth, self.rows) : (self.rows, depth)
    let (otherInner, columns) = transposeOther ? (other.depth, other.rows) : (other.rows, other.depth)
    precondition(
      inner == otherInner,
      "can't multiply \(shape)\(transposeSelf ? " transposed" : "") by \(other.shape)\(transposeOther ? " transposed" : "")"
    )
    precondition(max(count, other.count, rows * columns) <= Int(Int32.max), "a matrix is too large for OpenBLAS")
    let resultShape = transposeSelf ? [rows, columns] : shape.dropLast() + [columns]

    return withValues { a in
      other.withValues { b in
        Tensor(shape: resultShape) { c in
          guard c.count > 0, inner > 0 else { return c.update(repeating: 0) }
          if rows == 1 {
            // A vector times a matrix: sgemv moves the matrix through memory twice as fast as sgemm does.
            cblas_sgemv(
              CblasRowMajor, transposeOther ? CblasNoTrans : CblasTrans, blas(other.rows), blas(other.depth), 1,
              b.baseAddress, blas(other.depth), a.baseAddress, 1, 0, c.baseAddress, 1)
          } else {
            cblas_sgemm(
              CblasRowMajor, transposeSelf ? CblasTrans : CblasNoTrans, transposeOther ? CblasTrans : CblasNoTrans,
              blas(rows), blas(columns), blas(inner), 1, a.baseAddress, blas(depth), b.baseAddress,
              blas(other.depth), 0, c.baseAddress, blas(columns))
          }
        }
      }
    }
  }
}

/// Sets the number of threads that matrix products use.
public func setMatrixThreads(_ count: Int) { openblas_set_num_threads(Int32(count)) }

private func blas(_ count: Int) -> blasint { blasint(count) }
