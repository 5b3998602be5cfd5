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
      let sums = Tensor(repeating: bias, shape: xs.shape.dropLast() + [bias.count])
      let x = starts(of: kernel, cell, depth: xs.depth).x
      multiply(Matrix(xs.start, xs.rows, xs.depth), Matrix(x, xs.depth, kernel.depth), into: sums.start, adding: true)
      keepAlive(kernel, sums, xs)
      return sums
    }
    return (sums(cell.gates, cell.gatesBias), sums(cell.candidate, cell.candidateBias))
  }

  private func run() {
    let (gates, candidate) = (parts(cell.gates), parts(cell.candidate))
    let size = batch * units
    for step in 0..<time {
      let (h, rh) = (hs.start + step * size, gated.start + step * size)
      let (ur, c) = (urs.start + 2 * step * size, cs.start + step * size)
      multiply(Matrix(h, batch, units), gates.h, into: ur, adding: true)
      kernel_gru_gates(ur, rh, h, batch, units)
      multiply(Matrix(rh, batch, units), candidate.h, into: c, adding: true)
      kernel_gru_state(h + size, c, ur, h, batch, units, takesNew)
    }
  }

  /// The outputs `[time, batch, units]`.
  var ys: Tensor { hs.slice(axis: 0, 1..<time + 1) }

  /// The state after the last step, `[batch, units]`.
  var last: Tensor { hs.slice(axis: 0, time..<time + 1).reshaped([batch, units]) }

  /// The gradients from those of the outputs, `[time, batch, units]`.
  func back(_ dys: Tensor) -> StackGradients {
    let (gates, candidate) = (parts(cell.gates), parts(cell.candidate))
    let (dURs, dCs) = (Tensor(shape: urs.shape) { _ in }, Tensor(shape: cs.shape) { _ in })
    let (dState, dGated) = (Tensor(repeating: 0, shape: [batch, units]), Tensor(shape: [batch, units]) { _ in })
    let dXs = Tensor(shape: xs.shape) { _ in }
    defer { keepAlive(dys, dURs, dCs, dState, dGated, dXs) }
    let (dh, dRH, size) = (dState.start, dGated.start, batch * units)
    for step in (0..<time).reversed() {
      let (h, ur, c) = (hs.start + step * size, urs.start + 2 * step * size, cs.start + step * size)
      let (dUR, dC, dy) = (dURs.start + 2 * step * size, dCs.start + step * size, dys.start + step * size)
      for index in 0..<size { dh[index] += dy[index] }
      kernel_gru_state_back(dh, dUR, dC, ur, c, h, batch, units, takesNew)
      multiply(Matrix(dC, batch, units), candidate.h.transposed, into: dRH)
      kernel_gru_gates_back(dh, dUR, dRH, ur, h, batch, units)
      multiply(Matrix(dUR, batch, 2 * units), gates.h.transposed, into: dh, adding: true)
    }
    let rows = time * batch
    multiply(Matrix(dURs.start, rows, 2 * units), gates.x.transposed, into: dXs.start)
    multiply(Matrix(dCs.start, rows, units), candidate.x.transposed, into: dXs.start, adding: true)
    return StackGradients(
      inputs: [dXs.swappingFirstAxes()],
      weights: [
        .dense(kernelGradient(hs, dURs)), .dense(dURs.columnSums()),
        .dense(kernelGradient(gated, dCs)), .dense(dCs.columnSums()),
      ])
  }

  /// The gradient of a kernel `[depth + units, columns]` from that of its sums `[time, batch, columns]`: the inputs and the
  /// states before each step, times it.
  private func kernelGradient(_ states: Tensor, _ dSums: Tensor) -> Tensor {
    let gradient = Tensor(shape: [depth + units, dSums.depth]) { _ in }
    let rows = time * batch
    let (x, h) = Self.starts(of: gradient, cell, depth: depth)
    let sums = Matrix(dSums.start, rows, dSums.depth)
    multiply(Matrix(xs.start, rows, depth).transposed, sums, into: x)
    multiply(Matrix(states.start, rows, units).transposed, sums, into: h)
    keepAlive(states, dSums)
    return gradient
  }

  /// The rows of a kernel that meet the input, and those that meet the state.
  private func parts(_ kernel: Tensor) -> (x: Matrix, h: Matrix) {
    let (x, h) = Self.starts(of: kernel, cell, depth: depth)
    return (Matrix(x, depth, kernel.depth), Matrix(h, units, kernel.depth))
  }

  /// Where those rows begin.
  private static func starts(
    of kernel: Tensor, _ cell: GRUCell, depth: Int
  ) -> (x: UnsafeMutablePointer<Float>, h: UnsafeMutablePointer<Float>) {
    cell.convention == .trax
      ? (kernel.start, kernel.start + depth * kernel.depth) : (kernel.start + cell.units * kernel.depth, kernel.start)
  }
}
