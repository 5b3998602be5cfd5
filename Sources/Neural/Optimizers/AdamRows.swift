import CKernels

/// Adam over tables of which a step touches some rows, at the cost of those rows, though every number moves in every step.
///
/// Rows without a gradient are left behind. A row that is needed again makes up for the steps that it missed: `k` steps after
/// step `s`, from moments m and v, come to
///
///     w  ←  keptᵏ w − m Σⱼ aⱼ / (ρⱼ √v + eps)        m  ←  b1ᵏ m        v  ←  b2ᵏ v
///     aⱼ = keptᵏ⁻ʲ b1ʲ rate(s + j) / (1 − b1ˢ⁺ʲ)     ρⱼ = √(b2ʲ / (1 − b2ˢ⁺ʲ))       j = 1 … k
///
/// The terms are the same for all rows left behind at `s`, and few are needed: the aⱼ vanish quickly, and where the ρⱼ lie close
/// together, two terms stand for all of them that have the same sums of aⱼ, aⱼρⱼ, aⱼρⱼ² and aⱼρⱼ³ (Gauss quadrature).
///
/// The table has a third slot, the step at which each row stands; negative, when its first moment has come to nothing.
struct AdamRows: Sendable {
  private let adam: Adam
  private let schedule: Schedule
  /// The number of steps after which a first moment has come to nothing.
  private let reach: Int
  /// By the number of terms before it, how far the ρ of a group of terms may lie apart, as a share of the last.
  private let widths: [Double]
  /// Of the last steps, in a ring: rate / (1 − b1ᵗ) and √(1 / (1 − b2ᵗ)).
  private var rates: [Double], roots: [Double]
  /// The step that is being made.
  private(set) var step = 0

  /// Nil where nothing is gained: of optimizers but Adam, of a lazy one, and where moments live for too long.
  init?(_ optimizer: any Optimizer, schedule: @escaping Schedule) {
    guard let adam = optimizer as? Adam, !adam.isLazy, 0..<0.956 ~= adam.b1 else { return nil }
    self.adam = adam
    self.schedule = schedule
    var (shares, share) = ([Double](), 1.0)
    while share > 1e-10 {
      shares.append(share)
      share *= adam.b1
    }
    reach = shares.count
    widths = shares.map { (1e-6 / $0).squareRoot().squareRoot() }
    rates = [Double](repeating: 0, count: 2 * reach + 2)
    roots = rates
  }

  /// Goes to a step, which is about to be made.
  mutating func begin(_ step: Int) {
    for step in (step == self.step + 1 ? step : max(1, step - rates.count + 1))...step {
      rates[step % rates.count] = schedule(step) / (1 - power(adam.b1, step))
      roots[step % rates.count] = (1 / (1 - power(adam.b2, step))).squareRoot()
    }
    self.step = step
  }

  /// The slots of a table before the first step.
  func slots(for table: Tensor) -> [Tensor] {
    adam.slots(for: table) + [Tensor(repeating: 0, shape: [table.shape[0]])]
  }

  /// Makes rows ready for the step: those that it needs, and those whose turn it is, so that none stays behind for longer than
  /// the ring can tell.
  func prepare(_ rows: [Int], of table: inout Tensor, slots: inout [Tensor]) {
    let (count, turn) = (table.shape[0], step % reach)
    let due = (count * turn / reach..<count * (turn + 1) / reach).filter { row in
      slots[2].withValues { $0[row] > 0 && step - Int($0[row]) > reach }
    }
    catchUp(rows + due, of: &table, slots: &slots, through: step - 1)
  }

  /// Makes the step for the rows that have a gradient, or for all.
  func update(_ table: inout Tensor, _ gradient: Gradient, slots: inout [Tensor]) {
    let rows: [Int]
    switch gradient {
    case .rows(let some, _): rows = some
    case .dense:
      rows = Array(0..<table.shape[0])
      catchUp(rows, of: &table, slots: &slots, through: step - 1)
    }
    var at = slots.removeLast()
    adam.update(&table, gradient, slots: &slots, step: step, learningRate: schedule(step), leavesRows: true)
    at.withMutableValues { at in
      for row in rows { at[row] = Float(step) }
    }
    slots.append(at)
  }

  /// The table with every row at the step made last.
  func caughtUp(_ table: Tensor, slots: [Tensor]) -> Tensor {
    var (table, slots) = (table, slots)
    catchUp(Array(0..<table.shape[0]), of: &table, slots: &slots, through: step)
    return table
  }

  /// Makes the steps that rows have missed up to one.
  private func catchUp(_ rows: [Int], of table: inout Tensor, slots: inout [Tensor], through step: Int) {
    var (firstMoment, secondMoment, at) = (slots.take(0), slots.take(1), slots.take(2))
    let (missed, amounts, roots) = at.withMutableValues { missedSteps(rows, at: $0, through: step) }
    let (depth, eps) = (table.depth, Float(adam.eps))
    table.withMutableValues { w in
      firstMoment.withMutableValues { m in
        secondMoment.withMutableValues { v in
          missed.withUnsafeBufferPointer { missed in
            inRanges(of: missed.count, work: depth) { range in
              kernel_adam_skip(
                w.baseAddress!, m.baseAddress!, v.baseAddress!, depth, missed.baseAddress! + range.lowerBound,
                range.count,
                amounts, roots, eps)
            }
          }
        }
      }
    }
    slots = [firstMoment, secondMoment, at]
  }

  /// What rows have missed up to a step, at which they stand then, with the terms of all of them.
  private func missedSteps(
    _ rows: [Int], at: UnsafeMutableBufferPointer<Float>, through step: Int
  ) -> (missed: [adam_missed], amounts: [Float], roots: [Float]) {
    // Rows that stand at the same step have missed the same.
    let behind = rows.lazy.filter { abs(Int(at[$0])) < step }.map { (at: Int(at[$0]), row: $0) }
      .sorted { ($0.at, $0.row) < ($1.at, $1.row) }
    var (missed, amounts, roots) = ([adam_missed](), [Float](), [Float]())
    missed.reserveCapacity(behind.count)
    var (last, current): (Int?, adam_missed) = (nil, adam_missed())
    for (place, row) in behind where Int(at[row]) == place {
      if last != place {
        let count = step - abs(place)
        let terms = place > 0 ? self.terms(after: place, count: count) : ([], [])
        current = adam_missed(
          row: 0, kept: Float(power(adam.kept, count)), b1: Float(power(Double(Float(adam.b1)), count)),
          b2: Float(power(Double(Float(adam.b2)), count)), first: Int32(amounts.count), terms: Int32(terms.0.count))
        amounts += terms.0
        roots += terms.1
        last = place
      }
      current.row = row
      missed.append(current)
      at[row] = Float(place > 0 && step - place < reach ? step : -step)
    }
    return (missed, amounts, roots)
  }

  /// The terms of `count` steps without a gradient after a step.
  func terms(after first: Int, count: Int) -> (amounts: [Float], roots: [Float]) {
    let kept = power(adam.kept, count)
    let (decay, shrink) = (Double(Float(adam.b1)) / adam.kept, Double(Float(adam.b2)).squareRoot())
    let count = min(count, reach)
    var (a, rho) = ([Double](), [Double]())
    a.reserveCapacity(count)
    rho.reserveCapacity(count)
    var (share, root) = (kept, 1.0)
    for step in first + 1...first + count {
      share *= decay
      root *= shrink
      a.append(share * rates[step % rates.count])
      rho.append(root * roots[step % rates.count])
    }
    var (amounts, nodes) = ([Float](), [Float]())
    var start = 0
    while start < count {
      let least = rho[start] / (1 + widths[start])
      var end = start + 1
      while end < count, rho[end] >= least { end += 1 }
      for (amount, node) in Self.two(a[start..<end], rho[start..<end]) {
        amounts.append(Float(amount))
        nodes.append(Float(node))
      }
      start = end
    }
    return (amounts, nodes)
  }

  /// At most two amounts and places with the sum, mean, variance and third moment of amounts at places.
  private static func two(_ amounts: ArraySlice<Double>, _ places: ArraySlice<Double>) -> [(Double, Double)] {
    guard amounts.count > 2 else { return Array(zip(amounts, places)) }
    var (sum, mean) = (0.0, 0.0)
    for index in amounts.indices {
      sum += amounts[index]
      mean += amounts[index] * places[index]
    }
    guard sum > 0 else { return [] }
    mean /= sum
    var (square, cube) = (0.0, 0.0)
    for index in amounts.indices {
      let distance = places[index] - mean
      square += amounts[index] * distance * distance
      cube += amounts[index] * distance * distance * distance
    }
    square /= sum
    guard square > 1e-20 * mean * mean else { return [(sum, mean)] }
    let skew = cube / sum / square
    let gap = (skew * skew + 4 * square).squareRoot()
    let (low, high) = ((skew - gap) / 2, (skew + gap) / 2)
    return [(sum * high / gap, mean + low), (-sum * low / gap, mean + high)]
  }
}
