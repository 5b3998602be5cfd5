// The GRU in this folder. `GRUCell` is the reference: one step, with the equations and their derivatives as they stand
// in the literature. The rest are fast paths, which the tests hold against the reference scanned over time:
//
//   GRU           the layer; runs `GRURun` instead of its scan
//   GRURun        a whole sequence with the products of all steps taken together, and the loops of kernels.c
//   EmbeddingGRU  with an embedding in front, where the inputs' products are made once for every row of the table
//   ReducedCell   the kernels with fewer bits a number, for inference

/// A gated recurrent unit over a sequence: `GRUCell` at every step.
///
///     x  [batch, time, depth]
///     y  [batch, time, units]
///
/// What `scan` does step by step is done here with the products of all steps that do not wait for each other taken
/// together: those of the inputs in the forward pass, those of the weights' gradients in the backward pass. Source:
/// Trax `GRU`; for the products, J. Appleyard et al., Optimizing Performance of Recurrent Neural Networks on GPUs,
/// 2016.
public struct GRU: RecurrentLayer, DeclaredLayer {
  public var scan: Scan<GRUCell>
  /// The kernels that are used, where they have fewer bits a number.
  var reduced: ReducedCell?

  /// - Parameters:
  ///   - units: The depth of the state and of the output.
  ///   - convention: How the update gate is meant.
  ///   - start: What the kernels start with.
  public init(_ units: Int, convention: GRUCell.Convention = .trax, start: GRUCell.Start = .trax) {
    scan = Scan(GRUCell(units, convention: convention, start: start))
  }

  /// The depth of the output.
  public var units: Int { scan.cell.units }

  public static let declaration = Declaration(
    "GRU", GRU(1), .integer("units", \.scan.cell.units) { $0.scan.cell.units = $1 },
    .choice("convention", \.scan.cell.convention) { $0.scan.cell.convention = $1 },
    .choice("init", \.scan.cell.start) { $0.scan.cell.start = $1 })

  public var name: String { "GRU_\(units)" }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let xs = inputs[0].swappingFirstAxes()
    let (cell, state) = (scan.cell, initialState(batch: xs.shape[1], pass))
    let sums = reduced?.inputSums(cell, xs) ?? cell.inputSums(xs)
    let run = GRURun(cell, inputSums: sums, initialState: state, reduced: reduced)
    return Forward(outputs: [run.ys.swappingFirstAxes()], state: [run.last]) { dys in
      let dSums = run.backward(dys[0].swappingFirstAxes())
      let dxs = cell.inputGradient(dSums).reshaped(xs.shape)
      return Gradients(
        inputs: [dxs.swappingFirstAxes()], weights: run.weightGradients(dSums, inputs: xs, dInputSums: dSums))
    }
  }

  /// `EmbeddingGRU`, where the products of all rows of the table are fewer than those of all ids; or, if they are made
  /// once for all ids, take no more memory than the kernels that they stand for.
  public func fused(behind lookup: Lookup, ids: [Int]?) -> (any Layer)? {
    guard let ids else { return lookup.table.shape[0] <= 2 * lookup.table.depth ? EmbeddingGRU(lookup, self) : nil }
    // Kernels with fewer bits give other numbers for a row of the table by itself: how many ids come must not decide.
    guard reduced == nil, ids.count == 2 else { return nil }
    return lookup.table.shape[0] < ids[0] * ids[1] ? EmbeddingGRU(lookup, self) : nil
  }

  /// The state with which a pass begins.
  func initialState(batch: Int, _ pass: Pass) -> Tensor {
    scan.initialState(Tensor(repeating: 0, shape: [batch, units]), pass)
  }
}
