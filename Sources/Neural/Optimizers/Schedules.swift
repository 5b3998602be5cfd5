import Glibc

/// The learning rate of a step, from 1.
public typealias Schedule = @Sendable (_ step: Int) -> Double

/// The same rate at every step (Trax: `constant`).
public func constant(_ value: Double) -> Schedule {
  { step in step < 1 ? 0 : value }
}

/// A rate that rises in a line over the first steps and then stays: `maximum · min(1, step / (steps + 1))` (Trax:
/// `warmup`).
public func warmup(steps: Int, maximum: Double) -> Schedule {
  { step in step <= steps ? maximum * Double(step) / Double(steps + 1) : maximum }
}

/// A rate that rises in a line over the first steps and then falls with the inverse root of the step:
/// `maximum · √((steps + 1) / step)` (Trax: `warmup_and_rsqrt_decay`).
public func warmupAndRsqrtDecay(steps: Int, maximum: Double) -> Schedule {
  { step in
    let start = Double(steps + 1)
    return step <= steps ? maximum * Double(step) / start : maximum * (start / Double(step)).squareRoot()
  }
}

/// Half a cosine from `maximum` down to `minimum`, again and again: `minimum + (maximum − minimum) · (1 + cos πp) / 2`
/// with p the share of the cycle that is done. Before it, the rate rises in a line over `warmupSteps` (Trax: the body
/// and the cosine tail of its schedules).
public func cosine(maximum: Double, stepsPerCycle: Int, minimum: Double = 1e-5, warmupSteps: Int = 0) -> Schedule {
  { step in
    let start = warmupSteps + 1
    if step < start { return maximum * Double(step) / Double(start) }
    let share = Double((step - start) % stepsPerCycle) / Double(stepsPerCycle)
    return minimum + (maximum - minimum) * 0.5 * (1 + cos(Double.pi * share))
  }
}

/// Constant pieces: `values[i]` before step `boundaries[i]`, the last value from the last boundary on.
/// - Precondition: There is one value more than boundaries.
public func piecewise(_ values: [Double], boundaries: [Int]) -> Schedule {
  precondition(values.count == boundaries.count + 1, "\(values.count) values need \(values.count - 1) boundaries")
  return { step in values[boundaries.firstIndex { step < $0 } ?? boundaries.count] }
}

/// The factors that `multifactor` multiplies.
public enum ScheduleFactor: String, CaseIterable, Sendable {
  /// A constant rate.
  case constant
  /// One rate, and from a step on another.
  case twoConstants = "two_constants"
  /// A rise from 0 to 1 over the steps of the warm-up.
  case linearWarmup = "linear_warmup"
  /// 1 / √step, and 1 / √(steps of the warm-up) before they are over.
  case rsqrtDecay = "rsqrt_decay"
  /// The same, but 1 while the warm-up lasts.
  case rsqrtNormalizedDecay = "rsqrt_normalized_decay"
  /// A factor for every so many steps.
  case decayEvery = "decay_every"
  /// Half a cosine's period from 1 to 0 behind the warm-up, again and again.
  case cosineDecay = "cosine_decay"
}

/// A product of factors (Trax: `multifactor`, with its defaults).
public func multifactor(
  _ factors: [ScheduleFactor] = [.constant, .linearWarmup, .rsqrtDecay], constant: Double = 0.1,
  warmupSteps: Int = 400, decayFactor: Double = 0.5, stepsPerDecay: Int = 20_000, stepsPerCycle: Int = 100_000,
  secondConstant: Double = 0.01, secondConstantStep: Int = 10_000, minimum: Double = 0
) -> Schedule {
  { step in
    let (now, warm) = (Double(step), Double(warmupSteps))
    let rate = factors.reduce(1.0) { rate, factor in
      switch factor {
      case .constant: return rate * constant
      case .twoConstants: return rate * (step < secondConstantStep ? constant : secondConstant)
      case .linearWarmup: return rate * min(1, now / warm)
      case .rsqrtDecay: return rate / max(now, warm).squareRoot()
      case .rsqrtNormalizedDecay: return rate * (warm / max(now, warm)).squareRoot()
      case .decayEvery: return rate * pow(decayFactor, Double(step / stepsPerDecay))
      case .cosineDecay:
        let progress = max(0, (now - warm) / Double(stepsPerCycle))
        return rate * 0.5 * (1 + cos(Double.pi * progress.truncatingRemainder(dividingBy: 1)))
      }
    }
    return max(rate, minimum)
  }
}
