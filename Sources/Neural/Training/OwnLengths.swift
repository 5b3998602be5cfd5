extension [Batch] {
  /// The examples of these batches put together anew, so that every one has its own length and no padding: what a layer
  /// like `Mean` gives does not depend then on which examples stood together, and is what it gives for the example
  /// alone. The id 0 at the end of an example is padding; one without ids is one of padding.
  ///
  /// Batches with targets at every step, and those that continue one another, stay as they are.
  func atOwnLengths() -> [Batch] {
    guard allSatisfy({ $0.weights.shape.count == 1 && $0.inputs.shape.count == 2 && !$0.continues }) else {
      return self
    }
    var examples: [(length: Int, batch: Int, row: Int)] = []
    for (index, batch) in enumerated() {
      let length = batch.inputs.shape[1]
      batch.inputs.withValues { ids in
        for row in 0..<batch.inputs.shape[0] {
          let last = ids[row * length..<(row + 1) * length].lastIndex { $0 != 0 }
          examples.append((last.map { $0 - row * length + 1 } ?? 1, index, row))
        }
      }
    }
    examples.sort { ($0.length, $0.batch, $0.row) < ($1.length, $1.batch, $1.row) }
    let largest = self.map { $0.inputs.shape[0] }.max() ?? 1
    var together: [Batch] = []
    var start = 0
    while start < examples.count {
      let length = examples[start].length
      let end = examples[start...].prefix(largest).prefix { $0.length == length }.endIndex
      let rows = examples[start..<end]
      together.append(
        Batch(
          inputs: Tensor(rows.flatMap { self[$0.batch].ids($0.row, length) }, shape: [rows.count, length]),
          targets: targets(rows.map { ($0.batch, $0.row) }),
          weights: Tensor(rows.map { row in self[row.batch].weights.withValues { $0[row.row] } })))
      start = end
    }
    return together
  }

  /// The targets of rows of the batches: a class each, or numbers for every class.
  private func targets(_ rows: [(batch: Int, row: Int)]) -> Tensor {
    let values = rows.flatMap { row in
      let targets = self[row.batch].targets
      let count = targets.count / targets.shape[0]
      return targets.withValues { [Float]($0[row.row * count..<(row.row + 1) * count]) }
    }
    return Tensor(values, shape: [rows.count] + self[rows[0].batch].targets.shape.dropFirst())
  }
}

extension Batch {
  /// The first ids of a row.
  fileprivate func ids(_ row: Int, _ count: Int) -> [Float] {
    let start = row * inputs.shape[1]
    return inputs.withValues { Array($0[start..<start + count]) }
  }
}
