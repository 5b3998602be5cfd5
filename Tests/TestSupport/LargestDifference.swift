import Neural

/// The largest absolute difference of two tensors of one shape.
package func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
  precondition(a.shape == b.shape, "the shapes \(a.shape) and \(b.shape) differ")
  return zip(a.values, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
}
