/// A dense layer whose kernel has fewer bits a number, for inference.
struct ReducedDense: UnaryLayer {
  private let dense: Dense
  private let kernel: any ReducedMatrix

  /// The layer with its kernel rounded, and that kernel.
  init(_ dense: Dense, _ kernel: any ReducedMatrix) { (self.dense, self.kernel) = (dense, kernel) }

  var kind: String { "ReducedDense" }
  var name: String { dense.name }

  func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { try dense.outputShape(input) }

  func forward(_ x: Tensor) -> Forward {
    let y = kernel.product(x, bias: dense.useBias ? dense.bias : nil, columns: dense.units)
    return Forward(output: y) { dense.forward(x).backward($0) }
  }
}
