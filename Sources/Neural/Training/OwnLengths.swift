extension [Batch] {
  /// The examples of these batches put together anew, so that every one has its own length and no padding: what a layer
  /// like `Mean` gives does not depend then on which examples stood together, and is what it gives for the example
  /// alone. The id 0 at the end of an example is padding; one without ids is one of padding.
  ///
  /// Both sides of a pair have lengths of their own. Batches that continue one another stay as they are, and without
  /// `sequences` those with targets at every step. Where there are such targets, ids as far as the last that counts are
  /// no padding, either.
  func atOwnLengths(sequences: Bool = false) -> [Batch] {
    let depths = Set(map(\.weights.shape.count))
    guard depths == [1] || sequences && depths == [2],
      allSatisfy({ 2...(depths == [2] ? 3 : 2) ~= $0.inputs.shape.count && !$0.continues })
    else { return self }
    let isSequence = depths == [2]
    var examples: [(length: Int, otherLength: Int, batch: Int, row: Int)] = []
    for (index, batch) in enumerated() {
      let lengths = batch.inputs.ownLengths(weights: isSequence ? batch.weights : nil)
      let others = batch.otherInputs?.ownLengths()
      for row in lengths.indices {
        examples.append((lengths[row], others?[row] ?? 0, index, row))
      }
    }
    examples.sort {
      ($0.length, $0.otherLength, $0.batch, $0.row) < ($1.length, $1.otherLength, $1.batch, $1.row)
    }
    let largest = self.map { $0.inputs.shape[0] }.max() ?? 1
    var together: [Batch] = []
    var start = 0
    while start < examples.count {
      let (length, otherLength) = (examples[start].length, examples[start].otherLength)
      let end = examples[start...].prefix(largest).prefix { $0.length == length && $0.otherLength == otherLength }
        .endIndex
      let rows = examples[start..<end]
      // Lists of ids differ in length from batch to batch.
      let depth = rows.map { self[$0.batch].inputs.shape.dropFirst(2).first ?? 1 }.max()!
      let rest = self[rows.first!.batch].inputs.shape.count == 3 ? [depth] : []
      func beginnings(_ part: KeyPath<Batch, Tensor>, depth: Int = 1, _ rest: [Int] = []) -> Tensor {
        Tensor(
          rows.flatMap { self[$0.batch][keyPath: part].beginning(of: $0.row, length, depth: depth) },
          shape: [rows.count, length] + rest)
      }
      together.append(
        Batch(
          inputs: beginnings(\.inputs, depth: depth, rest),
          otherInputs: otherLength == 0
            ? nil
            : Tensor(
              rows.flatMap { self[$0.batch].otherInputs!.beginning(of: $0.row, otherLength) },
              shape: [rows.count, otherLength]),
          targets: isSequence ? beginnings(\.targets) : targets(rows.map { ($0.batch, $0.row) }),
          weights: isSequence
            ? beginnings(\.weights)
            : Tensor(rows.map { row in self[row.batch].weights.withValues { $0[row.row] } })))
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

extension Tensor {
  /// The number of steps of every row of `[rows, length]` or `[rows, length, ids]` without the padding at its end; 1
  /// where there is nothing else.
  /// - Parameter weights: Of targets at every step, which make a step count although its ids are 0.
  fileprivate func ownLengths(weights: Tensor? = nil) -> [Int] {
    let (length, depth) = (shape[1], shape.dropFirst(2).first ?? 1)
    return withValues { ids in
      (0..<shape[0]).map { row in
        let steps = row * length..<(row + 1) * length
        let last = steps.last { step in
          ids[step * depth..<(step + 1) * depth].contains { $0 != 0 } || weights?.withValues { $0[step] != 0 } ?? false
        }
        return last.map { $0 - row * length + 1 } ?? 1
      }
    }
  }

  /// The first steps of a row of `[rows, length]` or `[rows, length, numbers]`, each filled up with 0 to `depth` numbers.
  fileprivate func beginning(of row: Int, _ count: Int, depth: Int = 1) -> [Float] {
    let own = shape.dropFirst(2).first ?? 1
    let first = row * shape[1]
    return withValues { values in
      var result: [Float] = []
      for step in first..<first + count {
        result.append(contentsOf: values[step * own..<(step + 1) * own])
        result.append(contentsOf: repeatElement(0, count: depth - own))
      }
      return result
    }
  }
}
