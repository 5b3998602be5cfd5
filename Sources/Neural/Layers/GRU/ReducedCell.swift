/// The kernels of a GRU cell with fewer bits a number.
struct ReducedCell: Sendable {
  let inputGates: any ReducedMatrix, inputCandidate: any ReducedMatrix
  let stateGates: any ReducedMatrix, stateCandidate: any ReducedMatrix

  init(_ cell: GRUCell, _ inference: Inference) {
    inputGates = inference.reduced(cell.inputPart(of: cell.gates))
    inputCandidate = inference.reduced(cell.inputPart(of: cell.candidate))
    stateGates = inference.reduced(cell.statePart(of: cell.gates))
    stateCandidate = inference.reduced(cell.statePart(of: cell.candidate))
  }

  /// What `GRUCell.inputSums` gives.
  func inputSums(_ cell: GRUCell, _ x: Tensor) -> GRURun.Sums {
    (
      inputGates.product(x, bias: cell.gatesBias, columns: 2 * cell.units),
      inputCandidate.product(x, bias: cell.candidateBias, columns: cell.units)
    )
  }
}

extension GRU {
  public func specialized(for inference: Inference) throws(LayerError) -> any Layer {
    guard inference.precision != .single else { return self }
    var gru = self
    // What meets the input and what meets the state are multiplied apart, and have steps of their own.
    let parts = [scan.cell.stateRow, scan.cell.inputRow]
    gru.scan.cell.gates = try inference.rounded(scan.cell.gates, "gates", partsAt: parts)
    gru.scan.cell.candidate = try inference.rounded(scan.cell.candidate, "candidate", partsAt: parts)
    gru.reduced = ReducedCell(gru.scan.cell, inference)
    return gru
  }
}
