import CKernels

/// Adam over tables of which a step touches some rows, at the cost of these rows, though every element moves in every
/// step.
///
/// Updates of rows without a gradient are deferred. A row that is needed again catches up in one go: k steps without a
/// gradient after step s, from moments m and v, come to
///
///     w  ←  keptᵏ w − m Σⱼ aⱼ / (ρⱼ √v + eps)        m  ←  b1ᵏ m        v  ←  b2ᵏ v
///
/// where the terms aⱼ and ρⱼ are those of `DeferredTerms`, the same for all rows that were last updated in step s.
///
/// The slots are those of Adam, and a third one `[rows]` with the last update of each row.
struct DeferredAdam: RowwiseOptimizer {
  private let adam: Adam
  private let schedule: Schedule
  private var terms: DeferredTerms
  /// The step that is being made.
  private var step = 0

  /// Nil where nothing is gained, or the terms can't be told: for a lazy Adam, where moments live for too long, and
  /// where weights decay faster than moments.
  init?(_ adam: Adam, _ schedule: @escaping Schedule) {
    guard !adam.isLazy, 0..<DeferredTerms.largestDecay ~= adam.b1, adam.kept > 0, adam.kept >= adam.b1 else {
      return nil
    }
    self.adam = adam
    self.schedule = schedule
    terms = DeferredTerms(adam)
  }

  mutating func begin(_ step: Int) {
    for step in (step == self.step + 1 ? step : max(1, step - terms.memory + 1))...step {
      terms.note(step, rate: schedule(step))
    }
    self.step = step
  }

  func slots(for table: Tensor) -> [Tensor] {
    adam.slots(for: table) + [Tensor(repeating: 0, shape: [table.shape[0]])]
  }

  /// Makes the deferred updates of the rows that the step needs, and of those whose turn it is, so that none is
  /// deferred for longer than the terms remember.
  func prepare(_ rows: [Int], of table: inout Tensor, slots: inout [Tensor]) {
    let (count, turn) = (table.shape[0], step % terms.horizon)
    let due = (count * turn / terms.horizon..<count * (turn + 1) / terms.horizon).filter { row in
      let last = slots[2].withValues { LastUpdate($0[row]) }
      return !last.momentIsZero && step - last.step > terms.horizon
    }
    catchUp(rows + due, of: &table, slots: &slots, through: step - 1)
  }

  func update(_ table: inout Tensor, _ gradient: Gradient, slots: inout [Tensor]) {
    let rows: [Int]
    switch gradient {
    case .rows(let some, _): rows = some
    case .dense:
      rows = Array(0..<table.shape[0])
      catchUp(rows, of: &table, slots: &slots, through: step - 1)
    }
    var lastUpdates = slots.removeLast()
    adam.update(&table, gradient, slots: &slots, step: step, learningRate: schedule(step), leavesRows: true)
    lastUpdates.withMutableValues { lastUpdates in
      for row in rows { lastUpdates[row] = LastUpdate(step).slot }
    }
    slots.append(lastUpdates)
  }

  func caughtUp(_ table: Tensor, slots: [Tensor]) -> Tensor {
    var (table, slots) = (table, slots)
    catchUp(Array(0..<table.shape[0]), of: &table, slots: &slots, through: step)
    return table
  }

  /// Makes the updates of rows that are deferred up to a step.
  private func catchUp(_ rows: [Int], of table: inout Tensor, slots: inout [Tensor], through step: Int) {
    var (firstMoment, secondMoment, lastUpdates) = (slots.take(0), slots.take(1), slots.take(2))
    let (missed, amounts, roots) = lastUpdates.withMutableValues { missedSteps(rows, $0, through: step) }
    let (depth, eps) = (table.depth, Float(adam.eps))
    table.withMutableValues { w in
      firstMoment.withMutableValues { m in
        secondMoment.withMutableValues { v in
          missed.withUnsafeBufferPointer { missed in
            inRanges(of: missed.count, work: depth) { range in
              kernel_adam_skip(
                w.baseAddress!, m.baseAddress!, v.baseAddress!, depth, missed.baseAddress! + range.lowerBound,
                range.count, amounts, roots, eps)
            }
          }
        }
      }
    }
    slots = [firstMoment, secondMoment, lastUpdates]
  }

  /// The steps that rows have missed up to one, which becomes their last update, with the terms of all of them.
  private func missedSteps(
    _ rows: [Int], _ lastUpdates: UnsafeMutableBufferPointer<Float>, through step: Int
  ) -> (missed: [adam_missed], amounts: [Float], roots: [Float]) {
    var (missed, amounts, roots) = ([adam_missed](), [Float](), [Float]())
    missed.reserveCapacity(rows.count)
    // Rows with the same last update have missed the same: by the number of steps.
    var known = [adam_missed?](repeating: nil, count: terms.memory)
    for row in rows {
      let last = LastUpdate(lastUpdates[row])
      let count = step - last.step
      guard count > 0 else { continue }
      var steps: adam_missed
      let isRemembered = !last.momentIsZero && count < known.count
      if isRemembered, let same = known[count] {
        steps = same
      } else {
        let first = amounts.count
        if !last.momentIsZero { terms.append(after: last.step, count: count, to: &amounts, &roots) }
        steps = adam_missed(
          row: 0, kept: Float(power(adam.kept, count)), b1: Float(power(Double(Float(adam.b1)), count)),
          b2: Float(power(Double(Float(adam.b2)), count)), first: Int32(first), terms: Int32(amounts.count - first))
        if isRemembered { known[count] = steps }
      }
      steps.row = row
      missed.append(steps)
      lastUpdates[row] = LastUpdate(step, momentIsZero: last.momentIsZero || count >= terms.horizon).slot
    }
    return (missed, amounts, roots)
  }
}

/// When a row was last updated. A slot holds it in the bits of a float, since floats count no further than 2²⁴.
private struct LastUpdate {
  let step: Int
  /// Whether the row's first moment has come to nothing, or never was anything.
  let momentIsZero: Bool

  init(_ step: Int, momentIsZero: Bool = false) { (self.step, self.momentIsZero) = (step, momentIsZero) }

  init(_ slot: Float) {
    self.init(Int(slot.bitPattern >> 1), momentIsZero: slot.bitPattern & 1 == 1 || slot.bitPattern == 0)
  }

  var slot: Float { Float(bitPattern: UInt32(truncatingIfNeeded: step) << 1 | (momentIsZero ? 1 : 0)) }
}
