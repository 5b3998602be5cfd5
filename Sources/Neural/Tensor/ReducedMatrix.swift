/// A matrix that is kept with fewer bits a number, for products with vectors: less memory to read for each.
///
/// The columns lie in panels, each row by row, so that a product reads memory in order.
protocol ReducedMatrix: Sendable {
  /// The numbers of a matrix, which are rounded if they have not been.
  init(_ matrix: Matrix)

  /// `y ← y + x · self` for `count` vectors.
  func addProduct(_ x: UnsafePointer<Float>, count: Int, into y: UnsafeMutablePointer<Float>)
}

/// The columns of a panel, as the loops of kernels.c take them.
let reducedPanelWidth = 64

extension ReducedMatrix {
  /// `x · self + bias` for the rows of `x [..., rows]`; without bias 0 counts as one.
  func product(_ x: Tensor, bias: Tensor?, columns: Int) -> Tensor {
    let shape: [Int] = x.shape.dropLast() + [columns]
    var y = bias.map { Tensor(repeating: $0, shape: shape) } ?? Tensor(repeating: 0, shape: shape)
    y.withMutableValues { y in
      x.withValues { addProduct($0.baseAddress!, count: x.rows, into: y.baseAddress!) }
    }
    return y
  }
}
