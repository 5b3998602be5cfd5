import CKernels

/// A matrix of half-precision numbers (IEEE 754 binary16), for products with vectors: half the memory to read for each.
///
/// Products are made in float32. The columns lie in panels of 64, each row by row.
struct HalfMatrix: Sendable {
  private let rows: Int, columns: Int
  private let panels: [UInt16]
  private static let width = 64

  /// The numbers of a matrix, which are rounded.
  init(_ matrix: Matrix) {
    precondition(!matrix.isTransposed)
    (rows, columns) = (matrix.rows, matrix.columns)
    let width = Self.width
    let count = (matrix.columns + width - 1) / width
    var panels = [UInt16](repeating: 0, count: count * matrix.rows * width)
    panels.withUnsafeMutableBufferPointer { panels in
      for panel in 0..<count {
        for row in 0..<matrix.rows {
          kernel_to_half(
            panels.baseAddress! + (panel * matrix.rows + row) * width,
            matrix.start + row * matrix.columns + panel * width, min(width, matrix.columns - panel * width))
        }
      }
    }
    self.panels = panels
  }

  /// `y ← y + x · self` for `count` vectors.
  func addProduct(_ x: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>) {
    let width = Self.width
    panels.withUnsafeBufferPointer { panels in
      inRanges(of: (columns + width - 1) / width, work: count * rows * width) { range in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { sums in
          for panel in range {
            for vector in 0..<count {
              kernel_half_product(
                sums.baseAddress!, x + vector * rows, panels.baseAddress! + panel * rows * width, rows)
              let here = y + vector * columns + panel * width
              for column in 0..<min(width, columns - panel * width) { here[column] += sums[column] }
            }
          }
        }
      }
    }
  }
}

extension Tensor {
  /// The numbers rounded to half precision; nil if one is too large for it.
  func roundedToHalf() -> Tensor? {
    let rounded = withValues { values in
      Tensor(shape: shape) { rounded in
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: values.count) { halves in
          guard values.count > 0 else { return }
          kernel_to_half(halves.baseAddress!, values.baseAddress!, values.count)
          kernel_from_half(rounded.baseAddress!, halves.baseAddress!, values.count)
        }
      }
    }
    return rounded.withValues { $0.allSatisfy(\.isFinite) } ? rounded : nil
  }
}
