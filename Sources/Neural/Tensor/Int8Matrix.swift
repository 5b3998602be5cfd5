import CKernels

/// A matrix of whole numbers from −127 to 127 and a step for each column, for products with vectors: a quarter of the
/// memory to read for each.
///
/// A column's step is a 127th of its largest number. A vector is rounded to whole numbers of 16 bits, or as many as keep
/// sums within 32, and sums of products are exact: their bits do not depend on the processor.
struct Int8Matrix: ReducedMatrix {
  private let rows: Int, columns: Int
  /// Rows in pairs, column by column; an odd number of rows has one of zeros at its end.
  private let panels: [Int8]
  private let steps: [Float]

  /// So many rows, with one of zeros where they are odd.
  private static func depth(_ rows: Int) -> Int { (rows + 1) / 2 * 2 }

  init(_ matrix: Matrix) {
    precondition(!matrix.isTransposed)
    let (rows, columns) = (matrix.rows, matrix.columns)
    let steps = Self.steps(matrix)
    (self.rows, self.columns, self.steps) = (rows, columns, steps)
    let (width, depth) = (reducedPanelWidth, Self.depth(rows))
    var panels = [Int8](repeating: 0, count: (columns + width - 1) / width * width * depth)
    panels.withUnsafeMutableBufferPointer { panels in
      steps.withUnsafeBufferPointer { steps in
        for start in stride(from: 0, to: columns, by: width) {
          for row in 0..<rows {
            kernel_quantize_row(
              panels.baseAddress! + start * depth + row / 2 * 2 * width + row % 2,
              matrix.start + row * columns + start, steps.baseAddress! + start, min(width, columns - start))
          }
        }
      }
    }
    self.panels = panels
  }

  /// What one more means in every column; 0 where all numbers are as good as 0.
  private static func steps(_ matrix: Matrix) -> [Float] {
    var sizes = [Float](repeating: 0, count: matrix.columns)
    for row in 0..<matrix.rows {
      kernel_largest_sizes(&sizes, matrix.start + row * matrix.columns, matrix.columns)
    }
    return sizes.map { $0 / 127 >= .leastNormalMagnitude ? $0 / 127 : 0 }
  }

  /// A matrix's numbers as they are kept here.
  static func rounded(_ matrix: Matrix, into result: UnsafeMutablePointer<Float>) {
    let steps = steps(matrix)
    for row in 0..<matrix.rows {
      let start = row * matrix.columns
      kernel_round_row(result + start, matrix.start + start, steps, matrix.columns)
    }
  }

  func addProduct(_ x: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>) {
    let (width, depth) = (reducedPanelWidth, Self.depth(rows))
    let most = min(Int(Int16.max), Int(Int32.max) / (127 * max(1, depth)))
    withUnsafeTemporaryAllocation(of: Int16.self, capacity: count * depth) { whole in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { wholeSteps in
        whole.initialize(repeating: 0)
        for vector in 0..<count {
          wholeSteps[vector] = kernel_quantize(whole.baseAddress! + vector * depth, x + vector * rows, rows, most)
        }
        panels.withUnsafeBufferPointer { panels in
          steps.withUnsafeBufferPointer { steps in
            inRanges(of: (columns + width - 1) / width, work: count * rows * width) { range in
              for start in stride(from: range.lowerBound * width, to: range.upperBound * width, by: width) {
                for vector in 0..<count {
                  kernel_add_int8_product(
                    y + vector * columns + start, whole.baseAddress! + vector * depth, wholeSteps[vector],
                    panels.baseAddress! + start * depth, steps.baseAddress! + start, depth,
                    min(width, columns - start))
                }
              }
            }
          }
        }
      }
    }
  }
}
