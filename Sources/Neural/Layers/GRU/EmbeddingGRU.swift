/// An embedding and the GRU behind it in one: the products of rows with the input kernels are made once for every id of
/// the vocabulary, instead of once for every id of a sequence.
///
///     ids  [batch, time]
///     y    [batch, time, units]
///
/// `GRU` puts it in the place of the two where a vocabulary is small enough for that to be less work. The numbers
/// differ from theirs by the rounding of sums in another order. The gradients of its weights are those of the table and
/// the GRU; the weights stay with these.
struct EmbeddingGRU: Layer {
  private let lookup: Lookup
  private var gru: GRU
  /// The input's part of the sums for every id, `[vocabularySize, 2 units]` and `[vocabularySize, units]`.
  private let sums: GRURun.Sums

  init(_ lookup: Lookup, _ gru: GRU) {
    self.lookup = lookup
    self.gru = gru
    sums = gru.scan.cell.inputSums(lookup.table)
  }

  var kind: String { "EmbeddingGRU" }
  var name: String { "Embedding\(gru.name)" }

  func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try gru.outputShapes([inputs[0] + [lookup.table.depth]])
  }

  func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let ids = inputs[0].swappingFirstAxes()
    let (cell, state) = (gru.scan.cell, gru.initialState(batch: ids.shape[1], pass))
    let looked = (Lookup(sums.gates).forward(ids), Lookup(sums.candidate).forward(ids))
    let run = GRURun(cell, inputSums: (looked.0.output, looked.1.output), initialState: state, reduced: gru.reduced)
    return Forward(outputs: [run.ys.swappingFirstAxes()], state: [run.last]) { [lookup, sums] dys in
      let dSums = run.backward(dys[0].swappingFirstAxes())
      let dRows = (
        gates: looked.0.backward(dSums.gates).weights[0].dense(shape: sums.gates.shape),
        candidate: looked.1.backward(dSums.candidate).weights[0].dense(shape: sums.candidate.shape)
      )
      return Gradients(
        inputs: [Tensor(repeating: 0, shape: inputs[0].shape)],
        weights: [.dense(cell.inputGradient(dRows))]
          + run.weightGradients(dSums, inputs: lookup.table, dInputSums: dRows))
    }
  }

  mutating func visitState(_ visit: (String, StateKind, inout Tensor) throws -> Void) rethrows {
    try gru.visitState(visit)
  }
}
