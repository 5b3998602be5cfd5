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

extension GRU {
  public func specialized(for inference: Inference) throws(LayerError) -> any Layer {
    guard inference.precision == .half else { return self }
    var gru = self
    gru.scan.cell.gates = try inference.rounded(scan.cell.gates, "gates")
    gru.scan.cell.candidate = try inference.rounded(scan.cell.candidate, "candidate")
    gru.half = HalfCell(gru.scan.cell)
    return gru
  }
}
