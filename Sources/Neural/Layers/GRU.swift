import CKernels

/// A gated recurrent unit over a sequence: `GRUCell` at every step.
///
///     x  [batch, time, depth]
///     y  [batch, time, units]
///
/// What `scan` does step by step is done here with the products of all steps that do not wait for each other taken
/// together: those of the inputs on the way there, those of the weights' gradients on the way back. Source: Trax `GRU`; for
/// the products, J. Appleyard et al., Optimizing Performance of Recurrent Neural Networks on GPUs, 2016.
public struct GRU: RecurrentLayer {
  public let units: Int
  public let convention: GRUCell.Convention
  public var scan: Scan

  public init(_ units: Int, convention: GRUCell.Convention = .trax) {
    self.units = units
    self.convention = convention
    scan = Scan(GRUCell(units, convention: convention))
  }

  public var name: String { "GRU_\(units)" }
  public var expression: String { convention == .trax ? "GRU(\(units))" : "GRU(\(units), convention: lab)" }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> StackForward {
    let start = scan.start(Tensor(repeating: 0, shape: [inputs[0].shape[0], units]), pass)
    let run = GRURun(scan.cell as! GRUCell, xs: inputs[0].swappingFirstAxes(), start: start)
    return StackForward(outputs: [run.ys.swappingFirstAxes()], state: [run.last]) { dys in
      run.back(dys[0].swappingFirstAxes())
    }
  }
}

/// A GRU cell run over a sequence, with what the way back needs. Time is the first axis here, so that the rows of a step
/// lie together.
///
/// A step's equations are those of `GRUCell`, with the sums before a nonlinearity in two parts:
///
///     u, r  =  σ(x · gates_x + gatesBias + h · gates_h)
///     c     =  tanh(x · candidate_x + candidateBias + (r h) · candidate_h)
///
/// where `_x` and `_h` are the rows of a kernel that meet the input and the state.
struct GRURun {
  private let cell: GRUCell
  private let time: Int, batch: Int, depth: Int
  /// The inputs `[time, batch, depth]`.
  private let xs: Tensor
  /// The states `[time + 1, batch, units]`, from the one before the first step on.
  private let hs: Tensor
  /// The gates u and r `[time, batch, 2 units]`, the candidates c and the products r h `[time, batch, units]`.
  private let urs: Tensor, cs: Tensor, gated: Tensor

  private var units: Int { cell.units }
  private var takesNew: Int32 { cell.convention == .lab ? 1 : 0 }

  /// Runs a cell over inputs `[time, batch, depth]` from a state `[batch, units]`.
  init(_ cell: GRUCell, xs: Tensor, start: Tensor) {
    self.init(cell, xs: xs, sums: Self.inputSums(cell, xs), start: start)
  }

  /// Runs a cell over inputs whose part of the sums is known. What is given for the sums is made use of.
  /// - Parameter xs: `[time, batch, depth]`; for runs without a way back the depth may be 0.
  init(_ cell: GRUCell, xs: Tensor, sums: InputSums, start: Tensor) {
    self.cell = cell
    self.xs = xs
    (time, batch, depth) = (xs.shape[0], xs.shape[1], cell.gates.rows - cell.units)
    hs = Tensor(shape: [time + 1, batch, cell.units]) { hs in start.withValues { _ = hs.update(fromContentsOf: $0) } }
    (urs, cs) = sums
    gated = Tensor(shape: hs.shape) { _ in }
    run()
  }

  /// The part of the sums that does not wait for states: `[..., 2 units]` of the gates, `[..., units]` of the candidate.
  typealias InputSums = (gates: Tensor, candidate: Tensor)

  /// That part for inputs `[..., depth]`: `x · gates_x + gatesBias` and `x · candidate_x + candidateBias`.
  static func inputSums(_ cell: GRUCell, _ xs: Tensor) -> InputSums {
    func sums(_ kernel: Tensor, _ bias: Tensor) -> Tensor {
      var sums = Tensor(repeating: bias, shape: xs.shape.dropLast() + [bias.count])
      sums.withMutableValues { sums in
        xs.withValues { x in
          let x = Matrix(x.baseAddress!, xs.rows, xs.depth)
          multiply(x, cell.inputPart(of: kernel), into: sums.baseAddress!, adding: true)
        }
      }
      return sums
    }
    return (sums(cell.gates, cell.gatesBias), sums(cell.candidate, cell.candidateBias))
  }

  private func run() {
    let (gates, candidate) = (cell.statePart(of: cell.gates), cell.statePart(of: cell.candidate))
    let size = batch * units
    for step in 0..<time {
      let (h, rh) = (hs.start + step * size, gated.start + step * size)
      let (ur, c) = (urs.start + 2 * step * size, cs.start + step * size)
      multiply(Matrix(h, batch, units), gates, into: ur, adding: true)
      kernel_gru_gates(ur, rh, h, batch, units)
      multiply(Matrix(rh, batch, units), candidate, into: c, adding: true)
      kernel_gru_state(h + size, c, ur, h, batch, units, takesNew)
    }
  }

  /// The outputs `[time, batch, units]`.
  var ys: Tensor { hs.slice(axis: 0, 1..<time + 1) }

  /// The state after the last step, `[batch, units]`.
  var last: Tensor { hs.slice(axis: 0, time..<time + 1).reshaped([batch, units]) }

  /// The gradients from those of the outputs, `[time, batch, units]`.
  func back(_ dys: Tensor) -> StackGradients {
    var (dURs, dCs) = (Tensor(shape: urs.shape) { _ in }, Tensor(shape: cs.shape) { _ in })
    dys.withValues { dys in
      dURs.withMutableValues { dURs in
        dCs.withMutableValues { dCs in sumGradients(dys.baseAddress!, dURs.baseAddress!, dCs.baseAddress!) }
      }
    }
    let dXs = dURs.withValues { dURs in
      dCs.withValues { dCs in
        Tensor(shape: xs.shape) { dXs in
          let (dURs, dCs) = (Matrix(dURs.baseAddress!, steps, 2 * units), Matrix(dCs.baseAddress!, steps, units))
          multiply(dURs, cell.inputPart(of: cell.gates).transposed, into: dXs.baseAddress!)
          multiply(dCs, cell.inputPart(of: cell.candidate).transposed, into: dXs.baseAddress!, adding: true)
        }
      }
    }
    return StackGradients(
      inputs: [dXs.swappingFirstAxes()],
      weights: [
        .dense(kernelGradient(hs, dURs)), .dense(dURs.columnSums()),
        .dense(kernelGradient(gated, dCs)), .dense(dCs.columnSums()),
      ])
  }

  /// Fills the gradients of the sums, from the last step to the first.
  private func sumGradients(
    _ dys: UnsafePointer<Float>, _ dURs: UnsafeMutablePointer<Float>, _ dCs: UnsafeMutablePointer<Float>
  ) {
    let (gates, candidate) = (cell.statePart(of: cell.gates), cell.statePart(of: cell.candidate))
    let size = batch * units
    // The gradients of the state, which go from step to step, and of r h.
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * size) { buffer in
      let (dh, dRH) = (buffer.baseAddress!, buffer.baseAddress! + size)
      dh.initialize(repeating: 0, count: size)
      for step in (0..<time).reversed() {
        let (h, ur, c) = (hs.start + step * size, urs.start + 2 * step * size, cs.start + step * size)
        let (dUR, dC, dy) = (dURs + 2 * step * size, dCs + step * size, dys + step * size)
        for index in 0..<size { dh[index] += dy[index] }
        kernel_gru_state_back(dh, dUR, dC, ur, c, h, batch, units, takesNew)
        multiply(Matrix(dC, batch, units), candidate.transposed, into: dRH)
        kernel_gru_gates_back(dh, dUR, dRH, ur, h, batch, units)
        multiply(Matrix(dUR, batch, 2 * units), gates.transposed, into: dh, adding: true)
      }
    }
  }

  /// The gradient of a kernel `[depth + units, columns]` from that of its sums `[time, batch, columns]`: the inputs and the
  /// states before each step, times it.
  private func kernelGradient(_ states: Tensor, _ dSums: Tensor) -> Tensor {
    let columns = dSums.depth
    return states.withValues { states in
      dSums.withValues { dSums in
        Tensor(shape: [depth + units, columns]) { gradient in
          let dSums = Matrix(dSums.baseAddress!, steps, columns)
          let rows = gradient.baseAddress!
          multiply(Matrix(xs.start, steps, depth).transposed, dSums, into: rows + cell.inputRow * columns)
          multiply(
            Matrix(states.baseAddress!, steps, units).transposed, dSums, into: rows + cell.stateRow * columns)
        }
      }
    }
  }

  /// The rows of time and batch together.
  private var steps: Int { time * batch }
}

extension GRUCell {
  /// Where in a kernel the rows begin that meet the input, and those that meet the state.
  fileprivate var inputRow: Int { convention == .trax ? 0 : units }
  fileprivate var stateRow: Int { convention == .trax ? gates.rows - units : 0 }

  /// The rows of one of the cell's kernels that meet the input; valid as long as the cell lives.
  fileprivate func inputPart(of kernel: Tensor) -> Matrix {
    Matrix(kernel.start + inputRow * kernel.depth, gates.rows - units, kernel.depth)
  }

  /// The rows of one of the cell's kernels that meet the state; valid as long as the cell lives.
  fileprivate func statePart(of kernel: Tensor) -> Matrix {
    Matrix(kernel.start + stateRow * kernel.depth, units, kernel.depth)
  }
}
