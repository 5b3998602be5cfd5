/// The state of layers after a lane.
struct LaneState {
  /// What is carried, and running means.
  var tensors: [Tensor] = []
  /// What counts have gained, `[rows, 1]`, where they have.
  var gained: [(rows: [Int], values: Tensor)] = []
}

extension Layer {
  /// The state of some rows of a batch: of what is carried, what belongs to them. Nothing is carried from a batch of
  /// another number of rows.
  func state(ofRows range: Range<Int>, in batch: Int) -> [Tensor] {
    var (copy, cut) = (self, [Tensor]())
    copy.visitState { _, kind, state in
      guard kind == .carried else { return cut.append(state) }
      let isOfBatch = state.shape.count > 1 && state.shape[0] == batch
      cut.append(isOfBatch ? state.slice(axis: 0, range) : .empty)
    }
    return cut
  }

  /// The state after a lane, which began with the state of `before`.
  func laneState(since before: some Layer) -> LaneState {
    var (copy, result) = (self, LaneState())
    var remaining = before.state[...]
    copy.visitState { _, kind, state in
      let earlier = remaining.removeFirst().value
      guard kind == .counted else { return result.tensors.append(state) }
      let gains = state.zip(earlier, -).values.enumerated().filter { $1 != 0 }
      result.gained.append((gains.map(\.offset), Tensor(gains.map(\.element), shape: [gains.count, 1])))
    }
    return result
  }

  /// Sets the state to that of a batch from the states after its lanes, in order: what they carry put together, of
  /// running means the mean, and of counts, which are those before the batch, the sum.
  mutating func setState(lanes: [LaneState]) {
    var (tensor, counted) = (0, 0)
    visitState { _, kind, state in
      let parts = kind == .counted ? [] : lanes.map { $0.tensors[tensor] }
      switch kind {
      case .carried: state = Tensor.concatenate(parts, axis: 0)
      case .running: state = parts.dropFirst().reduce(parts[0]) { $0.zip($1, +) }.map { $0 / Float(parts.count) }
      case .counted:
        state.withMutableValues { state in
          for (rows, values) in lanes.map({ $0.gained[counted] }) {
            values.withValues { for (row, value) in zip(rows, $0) { state[row] += value } }
          }
        }
      }
      if kind == .counted { counted += 1 } else { tensor += 1 }
    }
  }
}
