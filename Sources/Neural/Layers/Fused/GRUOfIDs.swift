/// An embedding and the GRU behind it in one: the products of rows with the input kernels are made once for every id of the
/// vocabulary, instead of once for every id of a sequence.
///
///     ids  [batch, time]
///     y    [batch, time, units]
///
/// `Serial` and `LanguageModel` put it in the place of the two where a vocabulary is small enough for that to be less work.
/// The numbers differ from theirs by the rounding of sums in another order. The gradients of its weights are those of the
/// embedding and the GRU; the weights stay with these.
package struct GRUOfIDs: Layer {
  private let embedding: Embedding
  private var gru: GRU
  /// The input's part of the sums for every id, `[vocabularySize, 2 units]` and `[vocabularySize, units]`.
  private let sums: GRURun.Sums

  package init(_ embedding: Embedding, _ gru: GRU) {
    self.embedding = embedding
    self.gru = gru
    sums = (gru.scan.cell as! GRUCell).inputSums(embedding.table)
  }

  package var name: String { "\(embedding.name) \(gru.name)" }

  package func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try gru.outputShapes(embedding.outputShapes(inputs))
  }

  package func forward(_ inputs: [Tensor], _ pass: Pass) -> StackForward {
    let ids = inputs[0].swappingFirstAxes()
    let (cell, start) = (gru.scan.cell as! GRUCell, gru.start(batch: ids.shape[1], pass))
    let looked = (table(sums.gates).forward(ids), table(sums.candidate).forward(ids))
    let run = GRURun(cell, inputSums: (looked.0.output, looked.1.output), start: start, half: gru.half)
    return StackForward(outputs: [run.ys.swappingFirstAxes()], state: [run.last]) { [embedding, sums] dys in
      let dSums = run.backward(dys[0].swappingFirstAxes())
      let dRows = (
        gates: looked.0.backward(dSums.gates).weights[0].dense(shape: sums.gates.shape),
        candidate: looked.1.backward(dSums.candidate).weights[0].dense(shape: sums.candidate.shape)
      )
      return StackGradients(
        inputs: [Tensor(repeating: 0, shape: inputs[0].shape)],
        weights: [.dense(cell.inputGradient(dRows))]
          + run.weightGradients(dSums, inputs: embedding.table, dInputSums: dRows))
    }
  }

  /// An embedding with another table for the same ids.
  private func table(_ rows: Tensor) -> Embedding {
    var table = Embedding(embedding.vocabularySize, rows.depth)
    table.table = rows
    return table
  }

  package mutating func visitState(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try gru.visitState(visit)
  }
}
