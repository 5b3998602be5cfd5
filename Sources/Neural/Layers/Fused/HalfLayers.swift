/// The kernels of a GRU cell in half precision.
struct HalfCell: Sendable {
  let inputGates: HalfMatrix, inputCandidate: HalfMatrix
  let stateGates: HalfMatrix, stateCandidate: HalfMatrix

  init(_ cell: GRUCell) {
    (inputGates, inputCandidate) = (
      HalfMatrix(cell.inputPart(of: cell.gates)), HalfMatrix(cell.inputPart(of: cell.candidate))
    )
    (stateGates, stateCandidate) = (
      HalfMatrix(cell.statePart(of: cell.gates)), HalfMatrix(cell.statePart(of: cell.candidate))
    )
  }

  /// What `GRUCell.inputSums` gives.
  func inputSums(_ cell: GRUCell, _ x: Tensor) -> GRURun.Sums {
    func sums(_ kernel: HalfMatrix, _ bias: Tensor) -> Tensor {
      var sums = Tensor(repeating: bias, shape: x.shape.dropLast() + [bias.count])
      sums.withMutableValues { sums in
        x.withValues { kernel.addProduct($0.baseAddress!, count: x.rows, into: sums.baseAddress!) }
      }
      return sums
    }
    return (sums(inputGates, cell.gatesBias), sums(inputCandidate, cell.candidateBias))
  }
}

/// A dense layer with its kernel in half precision.
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

extension Serial {
  /// The layers with the kernels of GRUs and dense layers in half precision, which a step of one sequence reads in half the time.
  /// - Throws: `LayerError` when a weight is too large for it, or no number.
  package func withHalfKernels() throws(LayerError) -> Serial {
    var layers: [any Layer] = []
    for (index, layer) in self.layers.enumerated() {
      if let serial = layer as? Serial {
        layers.append(try serial.withHalfKernels())
        continue
      }
      guard layer is GRU || layer is Dense else {
        layers.append(layer)
        continue
      }
      var (rounded, tooLarge): (any Layer, String?) = (layer, nil)
      rounded.visitWeights { name, weight in
        guard !name.hasSuffix("bias"), !name.hasSuffix("Bias") else { return }
        if let half = weight.roundedToHalf() { weight = half } else { tooLarge = "\(index).\(layer.kind).\(name)" }
      }
      if let tooLarge {
        throw LayerError("a number of the tensor \"\(tooLarge)\" has no half precision: it is too large, or no number")
      }
      if var gru = rounded as? GRU {
        gru.half = HalfCell(gru.scan.cell as! GRUCell)
        rounded = gru
      }
      layers.append((rounded as? Dense).map { HalfDense($0) } ?? rounded)
    }
    return Serial(layers)
  }
}
