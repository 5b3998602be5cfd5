/// A dense layer with its kernel in half precision, for inference.
struct HalfDense: UnaryLayer {
  private let dense: Dense
  private let kernel: HalfMatrix

  init(_ dense: Dense) {
    self.dense = dense
    kernel = HalfMatrix(Matrix(dense.kernel.start, dense.kernel.rows, dense.kernel.depth))
  }

  var name: String { dense.name }

  func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { try dense.outputShape(input) }

  func forward(_ x: Tensor) -> Forward {
    let shape: [Int] = x.shape.dropLast() + [dense.units]
    var y = dense.useBias ? Tensor(repeating: dense.bias, shape: shape) : Tensor(repeating: 0, shape: shape)
    y.withMutableValues { y in
      x.withValues { kernel.addProduct($0.baseAddress!, count: x.rows, into: y.baseAddress!) }
    }
    return Forward(output: y) { dense.forward(x).backward($0) }
  }
}
