import CKernels

/// A GRU cell run over a sequence, with what the backward pass needs. Time is the first axis here, so that the rows of
/// a step lie together.
///
/// A step's equations are those of `GRUCell`, with the sums before a nonlinearity in two parts, of which the first does
/// not wait for the state:
///
///     u, r  =  σ(x · gates_x + gatesBias + h · gates_h)
///     c     =  tanh(x · candidate_x + candidateBias + (r h) · candidate_h)
///
/// where `_x` and `_h` are the rows of a kernel that meet the input and the state.
struct GRURun {
  /// Sums, or parts or gradients of them: `[..., 2 units]` of the gates, `[..., units]` of the candidate.
  typealias Sums = (gates: Tensor, candidate: Tensor)

  private let cell: GRUCell
  private let reduced: ReducedCell?
  private let time: Int, batch: Int
  /// The states `[time + 1, batch, units]`, from the one before the first step on.
  private let hs: Tensor
  /// The gates u and r `[time, batch, 2 units]`, the candidates c and the products r h `[time, batch, units]`.
  private let urs: Tensor, cs: Tensor, gated: Tensor

  private var units: Int { cell.units }
  private var takesNew: Int32 { cell.convention == .lab ? 1 : 0 }

  /// Runs a cell from a state `[batch, units]`.
  /// - Parameter inputSums: the inputs' part of the sums, `[time, batch, ...]`. It is overwritten: nobody may share it.
  init(_ cell: GRUCell, inputSums: Sums, initialState: Tensor, reduced: ReducedCell? = nil) {
    (self.cell, self.reduced) = (cell, reduced)
    (time, batch) = (inputSums.gates.shape[0], inputSums.gates.shape[1])
    hs = Tensor(shape: [time + 1, batch, cell.units]) { hs in
      initialState.withValues { _ = hs.update(fromContentsOf: $0) }
    }
    (urs, cs) = inputSums
    gated = Tensor(shape: hs.shape) { _ in }
    run()
  }

  private func run() {
    let products = reduced == nil ? time : 0
    let gates = RightFactor(cell.statePart(of: cell.gates), rows: batch, products: products)
    let candidate = RightFactor(cell.statePart(of: cell.candidate), rows: batch, products: products)
    let size = batch * units
    for step in 0..<time {
      let (h, rh) = (hs.start + step * size, gated.start + step * size)
      let (ur, c) = (urs.start + 2 * step * size, cs.start + step * size)
      if let reduced {
        reduced.stateGates.addProduct(h, count: batch, into: ur)
      } else {
        gates.multiply(Matrix(h, batch, units), into: ur, adding: true)
      }
      kernel_gru_gates(ur, rh, h, batch, units)
      if let reduced {
        reduced.stateCandidate.addProduct(rh, count: batch, into: c)
      } else {
        candidate.multiply(Matrix(rh, batch, units), into: c, adding: true)
      }
      kernel_gru_state(h + size, c, ur, h, batch, units, takesNew)
    }
  }

  /// The outputs `[time, batch, units]`.
  var ys: Tensor { hs.slice(axis: 0, 1..<time + 1) }

  /// The state after the last step, `[batch, units]`.
  var last: Tensor { hs.slice(axis: 0, time..<time + 1).reshaped([batch, units]) }

  /// The gradients of all sums from those of the outputs, `[time, batch, units]`.
  func backward(_ dys: Tensor) -> Sums {
    var (dURs, dCs) = (Tensor(shape: urs.shape) { _ in }, Tensor(shape: cs.shape) { _ in })
    dys.withValues { dys in
      dURs.withMutableValues { dURs in
        dCs.withMutableValues { dCs in backward(dys.baseAddress!, dURs.baseAddress!, dCs.baseAddress!) }
      }
    }
    return (dURs, dCs)
  }

  /// Fills the gradients of the sums, from the last step to the first.
  private func backward(
    _ dys: UnsafePointer<Float>, _ dURs: UnsafeMutablePointer<Float>, _ dCs: UnsafeMutablePointer<Float>
  ) {
    let gates = RightFactor(cell.statePart(of: cell.gates).transposed, rows: batch, products: time)
    let candidate = RightFactor(cell.statePart(of: cell.candidate).transposed, rows: batch, products: time)
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
        candidate.multiply(Matrix(dC, batch, units), into: dRH)
        kernel_gru_gates_back(dh, dUR, dRH, ur, h, batch, units)
        gates.multiply(Matrix(dUR, batch, 2 * units), into: dh, adding: true)
      }
    }
  }

  /// The gradients of the cell's weights from those of all sums, and from those of the inputs' part for each row of
  /// `inputs`.
  func weightGradients(_ dSums: Sums, inputs: Tensor, dInputSums: Sums) -> [Gradient] {
    [
      .dense(kernelGradient(inputs, dInputSums.gates, hs, dSums.gates)), .dense(dSums.gates.columnSums()),
      .dense(kernelGradient(inputs, dInputSums.candidate, gated, dSums.candidate)),
      .dense(dSums.candidate.columnSums()),
    ]
  }

  /// The gradient of a kernel `[depth + units, columns]`: the inputs, and the states before each step, times the
  /// gradients of what became of them.
  private func kernelGradient(_ inputs: Tensor, _ dInputs: Tensor, _ states: Tensor, _ dStates: Tensor) -> Tensor {
    let columns = dStates.depth
    return Tensor(shape: [inputs.depth + units, columns]) { gradient in
      let start = gradient.baseAddress!
      transposedProduct(inputs, dInputs, rows: inputs.rows, into: start + cell.inputRow * columns)
      transposedProduct(states, dStates, rows: dStates.rows, into: start + cell.stateRow * columns)
    }
  }

  /// `aᵀ · b` over their first rows.
  private func transposedProduct(_ a: Tensor, _ b: Tensor, rows: Int, into result: UnsafeMutablePointer<Float>) {
    a.withValues { aValues in
      b.withValues { bValues in
        multiply(
          Matrix(aValues.baseAddress!, rows, a.depth).transposed, Matrix(bValues.baseAddress!, rows, b.depth),
          into: result)
      }
    }
  }
}

extension GRUCell {
  /// The part of the sums that inputs `[..., depth]` make: `x · gates_x + gatesBias` and
  /// `x · candidate_x + candidateBias`.
  func inputSums(_ x: Tensor) -> GRURun.Sums {
    func sums(_ kernel: Tensor, _ bias: Tensor) -> Tensor {
      var sums = Tensor(repeating: bias, shape: x.shape.dropLast() + [bias.count])
      sums.withMutableValues { sums in
        x.withValues { values in
          let x = Matrix(values.baseAddress!, x.rows, x.depth)
          multiply(x, inputPart(of: kernel), into: sums.baseAddress!, adding: true)
        }
      }
      return sums
    }
    return (sums(gates, gatesBias), sums(candidate, candidateBias))
  }

  /// The gradient of those inputs, `[rows, depth]`.
  func inputGradient(_ dSums: GRURun.Sums) -> Tensor {
    let rows = dSums.gates.rows
    return dSums.gates.withValues { dGates in
      dSums.candidate.withValues { dCandidate in
        Tensor(shape: [rows, gates.rows - units]) { dx in
          let (dGates, dCandidate) = (
            Matrix(dGates.baseAddress!, rows, 2 * units), Matrix(dCandidate.baseAddress!, rows, units)
          )
          multiply(dGates, inputPart(of: gates).transposed, into: dx.baseAddress!)
          multiply(dCandidate, inputPart(of: candidate).transposed, into: dx.baseAddress!, adding: true)
        }
      }
    }
  }

  /// Where in a kernel the rows begin that meet the input, and those that meet the state.
  var inputRow: Int { convention == .trax ? 0 : units }
  var stateRow: Int { convention == .trax ? gates.rows - units : 0 }

  /// The rows of one of the cell's kernels that meet the input; valid as long as the cell lives.
  func inputPart(of kernel: Tensor) -> Matrix {
    Matrix(kernel.start + inputRow * kernel.depth, gates.rows - units, kernel.depth)
  }

  /// The rows of one of the cell's kernels that meet the state; valid as long as the cell lives.
  func statePart(of kernel: Tensor) -> Matrix {
    Matrix(kernel.start + stateRow * kernel.depth, units, kernel.depth)
  }
}
