import Glibc

extension RandomKey {
  /// `count` numbers drawn evenly from `low` up to but not including `high`: `jax.random.uniform`.
  public func uniform(_ count: Int, _ low: Float = 0, _ high: Float = 1) -> [Float] {
    bits(count).map { word in
      // 23 random bits make a number in [1, 2).
      let unit = Float(bitPattern: word >> 9 | 0x3f80_0000) - 1
      return max(low, unit * (high - low) + low)
    }
  }

  /// `count` numbers from the standard normal distribution: `jax.random.normal`.
  public func normal(_ count: Int) -> [Float] {
    uniform(count, (-1 as Float).nextUp, 1).map { Float(2).squareRoot() * inverseErrorFunction($0) }
  }
}

/// The inverse of the error function in float32.
///
/// Source: M. Giles, Approximating the erfinv function, GPU Computing Gems 2, 2012, the single-precision polynomials.
func inverseErrorFunction(_ x: Float) -> Float {
  let central: [Float] = [
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164,
    0.246640727, 1.50140941,
  ]
  let tail: [Float] = [
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
    1.00167406, 2.83297682,
  ]
  let w = -log1pf(-x * x)
  let isCentral = w < 5
  let t = isCentral ? w - 2.5 : w.squareRoot() - 3
  return (isCentral ? central : tail).reduce(0) { $0 * t + $1 } * x
}

extension RandomKey {
  /// `count` times whether something of a probability happens: `jax.random.bernoulli`.
  public func bernoulli(_ probability: Float, _ count: Int) -> [Bool] { uniform(count).map { $0 < probability } }

  /// `count` numbers from the Gumbel distribution, `−log(−log u)`: `jax.random.gumbel`.
  public func gumbel(_ count: Int) -> [Float] {
    uniform(count, Float.leastNormalMagnitude, 1).map { -logf(-logf($0)) }
  }

  /// A class drawn for every row of `classes` log probabilities (of any sum): `jax.random.categorical`. Adds Gumbel
  /// noise and takes the largest.
  public func categorical(_ logProbabilities: [Float], classes: Int) -> [Int] {
    let scores = zip(logProbabilities, gumbel(logProbabilities.count)).map { $0 + $1 }
    return stride(from: 0, to: scores.count, by: classes).map { start in
      var best = start
      for index in start..<start + classes where scores[index] > scores[best] { best = index }
      return best - start
    }
  }
}
