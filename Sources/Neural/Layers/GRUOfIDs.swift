/// An embedding and the GRU behind it in one, for models in use: the products of every id's row with the input kernels are
/// made once, so that a step reads rows of them instead of the kernels.
///
///     ids  [batch, time]
///     y    [batch, time, units]
///
/// It has no weights of its own and no way back.
struct GRUOfIDs: Layer {
  private let embedding: Embedding
  private var gru: GRU
  /// The input's part of the sums for every id, `[vocabularySize, 2 units]` and `[vocabularySize, units]`.
  private let sums: GRURun.InputSums

  init(_ embedding: Embedding, _ gru: GRU) {
    self.embedding = embedding
    self.gru = gru
    sums = GRURun.inputSums(gru.scan.cell as! GRUCell, embedding.table)
  }

  var name: String { "\(embedding.name) \(gru.name)" }

  func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try gru.outputShapes(embedding.outputShapes(inputs))
  }

  func forward(_ inputs: [Tensor], _ pass: Pass) -> StackForward {
    let ids = inputs[0].swappingFirstAxes()
    let (time, batch) = (ids.shape[0], ids.shape[1])
    let start = gru.scan.start(Tensor(repeating: 0, shape: [batch, gru.units]), pass)
    let run = GRURun(
      gru.scan.cell as! GRUCell, xs: Tensor(shape: [time, batch, 0]) { _ in },
      sums: (rows(ids, of: sums.gates), rows(ids, of: sums.candidate)), start: start)
    return StackForward(outputs: [run.ys.swappingFirstAxes()], state: [run.last]) { _ in
      preconditionFailure("\(name) has no way back")
    }
  }

  private func rows(_ ids: Tensor, of table: Tensor) -> Tensor {
    var lookup = Embedding(embedding.vocabularySize, table.depth)
    lookup.table = table
    return lookup.forward(ids).output
  }

  mutating func visitState(_ visit: (String, inout Tensor) throws -> Void) rethrows { try gru.visitState(visit) }
}
