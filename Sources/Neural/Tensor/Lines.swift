/// Functions of all the numbers along one axis.
extension Tensor {
  /// The tensor of what a kernel makes of all numbers.
  func mapped(_ kernel: (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void) -> Tensor {
    withValues { x in Tensor(shape: shape) { kernel($0.baseAddress!, x.baseAddress!, x.count) } }
  }

  /// The tensor of what `body` makes of every line of numbers along an axis: it reads the first and fills the second.
  func mapLines(
    along axis: Int, _ body: (UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Tensor {
    zipLines(along: axis, self) { x, _, y in body(x, y) }
  }

  /// The same for the lines of two tensors of one shape.
  func zipLines(
    along axis: Int, _ other: Tensor,
    _ body: (UnsafeBufferPointer<Float>, UnsafeBufferPointer<Float>, UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Tensor {
    precondition(shape == other.shape, "the shapes \(shape) and \(other.shape) differ")
    if axis != shape.count - 1 {
      // Lines of another axis are moved to the last, and back.
      var order = Array(shape.indices)
      order.append(order.remove(at: axis))
      var inverse = order
      for (index, axis) in order.enumerated() { inverse[axis] = index }
      return permuted(order).zipLines(along: shape.count - 1, other.permuted(order), body).permuted(inverse)
    }
    let length = depth
    return withValues { a in
      other.withValues { b in
        Tensor(shape: shape) { y in
          for start in stride(from: 0, to: a.count, by: max(length, 1)) {
            body(
              UnsafeBufferPointer(rebasing: a[start..<start + length]),
              UnsafeBufferPointer(rebasing: b[start..<start + length]),
              UnsafeMutableBufferPointer(rebasing: y[start..<start + length]))
          }
        }
      }
    }
  }
}
