/// An axis from the smallest to the largest value, with a few round numbers on it.
struct Axis {
  let low: Double, high: Double
  let ticks: [Double]
  private let step: Double

  /// - Parameters:
  ///   - values: Finite numbers.
  ///   - range: The ends of the axis, instead of those of the values.
  ///   - isWhole: Whether only whole numbers have a meaning.
  init(_ values: [Double], _ range: ClosedRange<Double>?, isWhole: Bool = false) {
    var (low, high) = (range?.lowerBound ?? values.min() ?? 0, range?.upperBound ?? values.max() ?? 1)
    if low == high { (low, high) = (low - max(0.5, abs(low) / 10), high + max(0.5, abs(high) / 10)) }
    // The round step that makes about five ticks.
    var step = 1.0
    while step * 5 > high - low { step /= 10 }
    while step * 50 <= high - low { step *= 10 }
    step *= [1, 2, 5, 10].first { step * $0 * 6 >= high - low } ?? 10
    if isWhole { step = max(step, 1) }
    if range == nil {
      low = (low / step).rounded(.down) * step
      high = (high / step).rounded(.up) * step
    }
    (self.low, self.high, self.step) = (low, high, step)
    let (first, last) = (Int((low / step).rounded(.up)), Int((high / step + 1e-9).rounded(.down)))
    ticks = (first...max(first, last)).map { Double($0) * step }
  }

  func share(_ value: Double) -> Double { (value - low) / (high - low) }

  /// A tick's number with the decimals that the step has; thousands and millions as `k` and `M`.
  func text(_ tick: Double) -> String {
    for (unit, size) in [("M", 1e6), ("k", 1000)] where step >= size && high < 1e12 {
      return tick == 0 ? "0" : short(tick / size) + unit
    }
    var decimals = 0
    var scaled = step
    while decimals < 9, (scaled - scaled.rounded()).magnitude > 1e-6 * scaled {
      scaled *= 10
      decimals += 1
    }
    return fixed(tick, decimals: decimals)
  }
}
