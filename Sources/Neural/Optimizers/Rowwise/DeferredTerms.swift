/// The terms by which a weight moves in steps of Adam without a gradient. The j-th of k such steps after step s moves
/// it by `−m aⱼ / (ρⱼ √v + eps)`, with
///
///     aⱼ = keptᵏ⁻ʲ b1ʲ rate(s + j) / (1 − b1ˢ⁺ʲ)     ρⱼ = √(b2ʲ / (1 − b2ˢ⁺ʲ))       j = 1 … k
///
/// Few terms are needed. The aⱼ vanish quickly: after `horizon` steps less than 1e-8 of the first one is left. And
/// where the ρⱼ lie close together, two terms stand for all of them that have the same sums of aⱼ, aⱼρⱼ, aⱼρⱼ² and
/// aⱼρⱼ³: the rule of Gauss with two nodes. Its error is of the fourth order in the spread of the ρⱼ, so a group may
/// spread by the fourth root of what its terms may be wrong by, 1e-6 over their share of the sum.
///
/// Source: G. H. Golub, J. H. Welsch, Calculation of Gauss Quadrature Rules, 1969.
struct DeferredTerms: Sendable {
  /// From here on, first moments live for too long: the horizon would be more than 400 steps.
  static let largestDecay = 0.956

  /// The number of steps after which a first moment has come to nothing.
  let horizon: Int
  /// By the number of terms before it, how far the ρ of a group of terms may lie apart, as a share of the last.
  private let groupTolerances: [Double]
  /// By j − 1, what of the terms does not depend on s: (b1 / kept)ʲ and √b2ʲ.
  private let amountDecays: [Double], rootDecays: [Double]
  private let kept: Double, b1: Double, b2: Double
  /// Of the last steps, in a ring that stands there twice, so that no range of it is cut: rate / (1 − b1ᵗ) and
  /// √(1 / (1 − b2ᵗ)).
  private var rates: [Double], roots: [Double]

  init(_ adam: Adam) {
    (kept, b1, b2) = (adam.kept, adam.b1, adam.b2)
    var (shares, share) = ([Double](), 1.0)
    while share > 1e-8 {
      shares.append(share)
      share *= adam.b1
    }
    horizon = shares.count
    groupTolerances = shares.map { (1e-6 / $0).squareRoot().squareRoot() }
    let (amountDecay, rootDecay) = (Double(Float(adam.b1)) / adam.kept, Double(Float(adam.b2)).squareRoot())
    amountDecays = (1...horizon).map { power(amountDecay, $0) }
    rootDecays = (1...horizon).map { power(rootDecay, $0) }
    rates = [Double](repeating: 0, count: 2 * (2 * horizon + 2))
    roots = rates
  }

  /// How many of the last steps are remembered.
  var memory: Int { rates.count / 2 }

  /// Remembers the learning rate of a step.
  mutating func note(_ step: Int, rate: Double) {
    for index in [step % memory, step % memory + memory] {
      rates[index] = rate / (1 - power(b1, step))
      roots[index] = (1 / (1 - power(b2, step))).squareRoot()
    }
  }

  /// Appends the aⱼ and ρⱼ of `count` steps without a gradient after a step.
  func append(after step: Int, count: Int, to amounts: inout [Float], _ nodes: inout [Float]) {
    let kept = power(kept, count)
    let (count, first) = (min(count, horizon), (step + 1) % memory)
    rates.withUnsafeBufferPointer { rates in
      roots.withUnsafeBufferPointer { roots in
        func amount(_ j: Int) -> Double { kept * amountDecays[j] * rates[first + j] }
        func node(_ j: Int) -> Double { rootDecays[j] * roots[first + j] }
        var start = 0
        while start < count {
          let least = node(start) / (1 + groupTolerances[start])
          var end = start + 1
          while end < count, node(end) >= least { end += 1 }
          for (amount, node) in Self.quadratureNodes(start..<end, amount, node) {
            amounts.append(Float(amount))
            nodes.append(Float(node))
          }
          start = end
        }
      }
    }
  }

  /// At most two amounts and nodes with the sum, mean, variance and third moment of all amounts at their nodes.
  @inline(__always)
  private static func quadratureNodes(
    _ range: Range<Int>, _ amount: (Int) -> Double, _ node: (Int) -> Double
  ) -> [(Double, Double)] {
    guard range.count > 2 else { return range.map { (amount($0), node($0)) } }
    // Moments about the first node, which is near enough for all digits that count.
    let first = node(range.lowerBound)
    var (sum, mean, square, cube) = (0.0, 0.0, 0.0, 0.0)
    for index in range {
      let (amount, distance) = (amount(index), node(index) - first)
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
    // Nodes that are equal but for rounding are one.
    guard square > 1e-20 * first * first else { return [(sum, first + mean)] }
    let skew = cube / square
    let gap = (skew * skew + 4 * square).squareRoot()
    let (low, high) = ((skew - gap) / 2, (skew + gap) / 2)
    return [(sum * high / gap, first + mean + low), (-sum * low / gap, first + mean + high)]
  }
}
