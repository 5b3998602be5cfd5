/// A gated recurrent unit over a sequence: `GRUCell` at every step.
///
///     x  [batch, time, depth]
///     y  [batch, time, units]
///
/// What `scan` does step by step is done here with the products of all steps that do not wait for each other taken
/// together: those of the inputs in the forward pass, those of the weights' gradients in the backward pass. Source: Trax `GRU`; for
/// the products, J. Appleyard et al., Optimizing Performance of Recurrent Neural Networks on GPUs, 2016.
public struct GRU: RecurrentLayer {
  public let units: Int
  public let convention: GRUCell.Convention
  public var scan: Scan
  /// The kernels that are used, where those of half precision are to be.
  var half: HalfCell?

  public init(_ units: Int, convention: GRUCell.Convention = .trax) {
    self.units = units
    self.convention = convention
    scan = Scan(GRUCell(units, convention: convention))
  }

  public var name: String { "GRU_\(units)" }
  public var expression: String { convention == .trax ? "GRU(\(units))" : "GRU(\(units), convention: lab)" }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> StackForward {
    let xs = inputs[0].swappingFirstAxes()
    let (cell, start) = (scan.cell as! GRUCell, start(batch: xs.shape[1], pass))
    let run = GRURun(cell, inputSums: half?.inputSums(cell, xs) ?? cell.inputSums(xs), start: start, half: half)
    return StackForward(outputs: [run.ys.swappingFirstAxes()], state: [run.last]) { dys in
      let dSums = run.backward(dys[0].swappingFirstAxes())
      let dxs = cell.inputGradient(dSums).reshaped(xs.shape)
      return StackGradients(
        inputs: [dxs.swappingFirstAxes()], weights: run.weightGradients(dSums, inputs: xs, dInputSums: dSums))
    }
  }

  /// The state with which a pass begins.
  func start(batch: Int, _ pass: Pass) -> Tensor {
    scan.start(Tensor(repeating: 0, shape: [batch, units]), pass)
  }
}
