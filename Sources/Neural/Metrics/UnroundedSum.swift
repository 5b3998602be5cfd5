/// A sum of floating-point numbers that is not rounded before it is read, so that it is the same in any order of the
/// numbers and in any parts.
///
/// It is held as numbers whose digits do not overlap, of growing size: J. R. Shewchuk, "Adaptive Precision Floating-Point
/// Arithmetic and Fast Robust Geometric Predicates", 1997; `math.fsum` of Python works so. `ExactSum` is smaller and
/// faster, for numbers from 0 on that are not too large.
public struct UnroundedSum: Sendable {
  private var parts: [Double] = []

  /// A sum of nothing.
  public init() {}

  /// Adds a number. Where the sum is beyond the largest number, it stays infinite.
  public mutating func add(_ number: Double) {
    var carried = number
    var kept = 0
    for part in parts {
      let (large, small) = abs(carried) < abs(part) ? (part, carried) : (carried, part)
      let sum = large + small
      guard sum.isFinite else {
        parts = [sum]
        return
      }
      let rest = small - (sum - large)
      if rest != 0 {
        parts[kept] = rest
        kept += 1
      }
      carried = sum
    }
    parts.removeLast(parts.count - kept)
    if carried != 0 { parts.append(carried) }
  }

  /// Adds another sum.
  public mutating func add(_ other: UnroundedSum) { for part in other.parts { add(part) } }

  /// The sum, rounded once, to the nearest number, of two the even one.
  public var value: Double {
    guard var sum = parts.last else { return 0 }
    var index = parts.count - 1
    while index > 0 {
      let (before, part) = (sum, parts[index - 1])
      sum = before + part
      let rest = part - (sum - before)
      index -= 1
      guard rest != 0 else { continue }
      // Halfway between two numbers, what is smaller still decides.
      guard index > 0, (rest < 0) == (parts[index - 1] < 0) else { return sum }
      let other = sum + 2 * rest
      return other - sum == 2 * rest ? other : sum
    }
    return sum
  }

  /// What rounding leaves out of `value`: numbers that make up the whole sum together with it, each what is left by
  /// those before it, rounded. None for most sums of few numbers, and the same for the same sum.
  public var roundedOff: [Double] {
    var (left, numbers) = (self, [value])
    while numbers.last != 0, numbers.last!.isFinite {
      left.add(-numbers.last!)
      numbers.append(left.value)
    }
    return Array(numbers.dropFirst().dropLast())
  }
}
