import CKernels

/// A matrix of half-precision numbers (IEEE 754 binary16), for products with vectors: half the memory to read for each.
///
/// Products are made in float32.
struct HalfMatrix: ReducedMatrix {
  private let rows: Int, columns: Int
  private let panels: [UInt16]

  init(_ matrix: Matrix) {
    precondition(!matrix.isTransposed)
    (rows, columns) = (matrix.rows, matrix.columns)
    let width = reducedPanelWidth
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

  func addProduct(_ x: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>) {
    let width = reducedPanelWidth
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

extension HalfMatrix {
  /// A matrix's numbers as they are kept here; infinite where one is too large.
  static func rounded(_ matrix: Matrix, into result: UnsafeMutablePointer<Float>) {
    let count = matrix.rows * matrix.columns
    withUnsafeTemporaryAllocation(of: UInt16.self, capacity: count) { halves in
      guard count > 0 else { return }
      kernel_to_half(halves.baseAddress!, matrix.start, count)
      kernel_from_half(result, halves.baseAddress!, count)
    }
  }
}
