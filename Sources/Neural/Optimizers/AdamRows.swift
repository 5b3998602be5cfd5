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
/// The table has a third slot, where each row stands.
struct AdamRows: Sendable {
  private let adam: Adam
  private let schedule: Schedule
  /// The number of steps after which a first moment has come to nothing.
  private let reach: Int
  /// By the number of terms before it, how far the ρ of a group of terms may lie apart, as a share of the last.
  private let widths: [Double]
  /// By j − 1, what of the terms does not depend on s: (b1 / kept)ʲ and √b2ʲ.
  private let decays: [Double], shrinks: [Double]
  /// Of the last steps, in a ring that stands there twice, so that no stretch of it is cut: rate / (1 − b1ᵗ) and
  /// √(1 / (1 − b2ᵗ)).
  private var rates: [Double], roots: [Double]
  /// The step that is being made.
  private(set) var step = 0

  /// Where a row stands. A slot holds it in the bits of a float, since floats count no further than 2²⁴.
  private struct Place: Equatable {
    let step: Int
    /// Whether its first moment has come to nothing, or never was anything.
    let isSpent: Bool

    init(_ step: Int, isSpent: Bool = false) { (self.step, self.isSpent) = (step, isSpent) }

    init(_ slot: Float) {
      self.init(Int(slot.bitPattern >> 1), isSpent: slot.bitPattern & 1 == 1 || slot.bitPattern == 0)
    }

    var slot: Float { Float(bitPattern: UInt32(truncatingIfNeeded: step) << 1 | (isSpent ? 1 : 0)) }
  }

  /// Nil where nothing is gained, or the terms can't be told: of optimizers but Adam, of a lazy one, where moments live for too
  /// long, and where weights decay faster than moments.
  init?(_ optimizer: any Optimizer, schedule: @escaping Schedule) {
    guard let adam = optimizer as? Adam, !adam.isLazy, 0..<0.956 ~= adam.b1, adam.kept > 0, adam.kept >= adam.b1 else {
      return nil
    }
    self.adam = adam
    self.schedule = schedule
    var (shares, share) = ([Double](), 1.0)
    while share > 1e-8 {
      shares.append(share)
      share *= adam.b1
    }
    reach = shares.count
    widths = shares.map { (1e-6 / $0).squareRoot().squareRoot() }
    let (decay, shrink) = (Double(Float(adam.b1)) / adam.kept, Double(Float(adam.b2)).squareRoot())
    decays = (1...reach).map { power(decay, $0) }
    shrinks = (1...reach).map { power(shrink, $0) }
    rates = [Double](repeating: 0, count: 2 * (2 * reach + 2))
    roots = rates
  }

  private var ringSize: Int { rates.count / 2 }

  /// Goes to a step, which is about to be made.
  mutating func begin(_ step: Int) {
    for step in (step == self.step + 1 ? step : max(1, step - ringSize + 1))...step {
      for place in [step % ringSize, step % ringSize + ringSize] {
        rates[place] = schedule(step) / (1 - power(adam.b1, step))
        roots[place] = (1 / (1 - power(adam.b2, step))).squareRoot()
      }
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
      let place = slots[2].withValues { Place($0[row]) }
      return !place.isSpent && step - place.step > reach
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
      for row in rows { at[row] = Place(step).slot }
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
    let behind = rows.lazy.map { (slot: at[$0].bitPattern, row: $0) }
      .filter { Place(Float(bitPattern: $0.slot)).step < step }.sorted { ($0.slot, $0.row) < ($1.slot, $1.row) }
    var (missed, amounts, roots) = ([adam_missed](), [Float](), [Float]())
    missed.reserveCapacity(behind.count)
    var (last, current): (UInt32?, adam_missed) = (nil, adam_missed())
    for (slot, row) in behind where at[row].bitPattern == slot {
      let place = Place(Float(bitPattern: slot))
      let count = step - place.step
      if last != slot {
        let first = amounts.count
        if !place.isSpent { appendTerms(after: place.step, count: count, to: &amounts, &roots) }
        current = adam_missed(
          row: 0, kept: Float(power(adam.kept, count)), b1: Float(power(Double(Float(adam.b1)), count)),
          b2: Float(power(Double(Float(adam.b2)), count)), first: Int32(first), terms: Int32(amounts.count - first))
        last = slot
      }
      current.row = row
      missed.append(current)
      at[row] = Place(step, isSpent: place.isSpent || count >= reach).slot
    }
    return (missed, amounts, roots)
  }

  /// Appends the terms of `count` steps without a gradient after a step.
  private func appendTerms(after first: Int, count: Int, to amounts: inout [Float], _ nodes: inout [Float]) {
    let kept = power(adam.kept, count)
    let (count, place) = (min(count, reach), (first + 1) % ringSize)
    rates.withUnsafeBufferPointer { rates in
      roots.withUnsafeBufferPointer { roots in
        func amount(_ j: Int) -> Double { kept * decays[j] * rates[place + j] }
        func node(_ j: Int) -> Double { shrinks[j] * roots[place + j] }
        var start = 0
        while start < count {
          let least = node(start) / (1 + widths[start])
          var end = start + 1
          while end < count, node(end) >= least { end += 1 }
          for (amount, node) in Self.two(start..<end, amount, node) {
            amounts.append(Float(amount))
            nodes.append(Float(node))
          }
          start = end
        }
      }
    }
  }

  /// At most two amounts and places with the sum, mean, variance and third moment of amounts at places.
  @inline(__always)
  private static func two(
    _ range: Range<Int>, _ amount: (Int) -> Double, _ place: (Int) -> Double
  ) -> [(Double, Double)] {
    guard range.count > 2 else { return range.map { (amount($0), place($0)) } }
    // Moments about the first place, which is near enough for all digits that count.
    let first = place(range.lowerBound)
    var (sum, mean, square, cube) = (0.0, 0.0, 0.0, 0.0)
    for index in range {
      let (amount, distance) = (amount(index), place(index) - first)
      sum += amount
      mean += amount * distance
      square += amount * distance * distance
      cube += amount * distance * distance * distance
    }
    guard sum > 0 else { return [] }
    mean /= sum
    square /= sum
    cube = cube / sum - 3 * mean * square + 2 * mean * mean * mean
    square -= mean * mean
    guard square > 1e-20 * first * first else { return [(sum, first + mean)] }
    let skew = cube / square
    let gap = (skew * skew + 4 * square).squareRoot()
    let (low, high) = ((skew - gap) / 2, (skew + gap) / 2)
    return [(sum * high / gap, first + mean + low), (-sum * low / gap, first + mean + high)]
  }
}
