import Random

extension Trainer {
  /// Passes with the lanes of a batch that are this rank's, and what they come to together with those of the others: the
  /// loss, the counts of the metrics and the gradients of all weights. The state becomes that of the whole batch.
  mutating func passes(_ batch: Batch, key: RandomKey) -> (loss: Float, counts: [Double], gradients: [Gradient]) {
    let (rows, weight) = (batch.inputs.shape[0], batch.weight)
    let (before, shapes, tables) = (running, running.weights.map(\.value.shape), running.lookupTables)
    let sums = LaneSums(
      lanes.exchange, layers: running.weightsOfLayers,
      shapes: shapes.enumerated().map { tables.contains($0) ? nil : $1 })
    var reports: [LaneReport] = []
    for lane in lanes.own {
      let range = lanes.rows(of: lane, in: rows)
      sums.beginLane(isLast: lane == lanes.own.last)
      guard !range.isEmpty else {
        sums.add(shapes.map { .rows([], values: Tensor(repeating: 0, shape: [0] + $0.dropFirst())) })
        continue
      }
      let part = batch.rows(range)
      running.setState(before.state(ofRows: range, in: rows))
      let (loss, counts, gradients) = pass(
        part, key: key.fold(in: UInt32(lane)), share: weight > 0 ? Float(part.weight / weight) : 0,
        onGradients: sums.add)
      reports.append(
        LaneReport(
          loss: loss, counts: counts, state: running.laneState(since: before),
          tables: tables.map { gradients[$0].asRows(of: shapes[$0]) }))
    }
    let dense = sums.finish()
    reports = lanes.exchange.join(reports)
    running.setState(before.state.map(\.value))
    running.setState(lanes: reports.map(\.state))
    let gradients = zip(shapes.indices, dense).map { weight, sum in
      tables.firstIndex(of: weight).map { table in reports.gradient(ofTable: table) } ?? .dense(sum!)
    }
    return (
      Float(reports.reduce(0) { $0 + Double($1.loss) }),
      reports.dropFirst().reduce(reports[0].counts) { zip($0, $1.counts).map { $0 + $1 } }, gradients
    )
  }
}

extension Serial {
  /// The weights of every layer, as ranges of the indices of all.
  fileprivate var weightsOfLayers: [Range<Int>] {
    var first = 0
    return layers.map { layer in
      defer { first += layer.weights.count }
      return first..<first + layer.weights.count
    }
  }
}

extension Gradient {
  /// The rows of a table that occur, each once and in order, and their gradients `[rows, depth]`: of a dense one all.
  fileprivate func asRows(of table: [Int]) -> (rows: [Int], values: Tensor) {
    let (rows, values) = gathered ?? (Array(0..<table[0]), compacted.values)
    return (rows, values.reshaped([rows.count, table.dropFirst().reduce(1, *)]))
  }
}

extension [LaneReport] {
  /// The gradient of a table over all lanes, the rows summed in the order of the lanes.
  fileprivate func gradient(ofTable table: Int) -> Gradient {
    let rows = flatMap { $0.tables[table].rows }
    let values = Tensor.concatenate(map { $0.tables[table].values }, axis: 0)
    let (each, sums) = Gradient.rows(rows, values: values).gathered!
    return .rows(each, values: sums)
  }
}

extension Exchange {
  /// The reports of all ranks, in their order.
  fileprivate func join(_ reports: [LaneReport]) -> [LaneReport] {
    guard ranks > 1 else { return reports }
    var words: [UInt32] = []
    for report in reports { report.append(to: &words) }
    var remaining = join(words)[...]
    var all: [LaneReport] = []
    while !remaining.isEmpty { all.append(LaneReport(reading: &remaining)) }
    return all
  }
}
