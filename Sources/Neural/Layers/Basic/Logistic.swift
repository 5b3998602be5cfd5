import Glibc
import Random

/// The log probabilities of no and yes for a score, by logistic regression: `y = (log σ(−z), log σ(z))` with
/// `z = scale · x + bias`.
///
///     x            [..., 1]
///     scale, bias  [1]        they begin with the numbers given
///     y            [..., 2]
///     dz           = dy₁ (1 − e^y₁) − dy₀ (1 − e^y₀)
///
/// It stands behind the cosine of two texts, whose scale it learns: `Siamese[…] DotProduct Logistic`.
public struct Logistic: UnaryLayer, DeclaredLayer {
  /// With what scale and bias it begins.
  public internal(set) var firstScale: Float, firstBias: Float
  /// What the score is multiplied by, `[1]`.
  public var scale = Tensor.empty
  /// What is added, `[1]`.
  public var bias = Tensor.empty

  /// - Parameters:
  ///   - scale: The first scale.
  ///   - bias: The first bias.
  public init(scale: Float = 10, bias: Float = -5) { (firstScale, firstBias) = (scale, bias) }

  public static let declaration = Declaration(
    "Logistic", Logistic(), .number("scale", \.firstScale, .any) { $0.firstScale = $1 },
    .number("bias", \.firstBias, .any) { $0.firstBias = $1 })

  public var name: String { "Logistic" }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    guard inputs[0].last == 1 else { throw LayerError("\(name) takes scores [..., 1], not \(inputs[0])") }
    return try LayerPlan(
      name, outputs: [inputs[0].dropLast() + [2]], weights: [("scale", [1]), ("bias", [1])],
      logProbabilities: .exclusive)
  }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { try fittingPlan([input]).outputs[0] }

  public mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int] {
    (scale, bias) = (Tensor([firstScale]), Tensor([firstBias]))
    return try outputShape(input)
  }

  public func forward(_ x: Tensor) -> Forward {
    let (scale, bias) = (scale.values[0], bias.values[0])
    let scores = x.values
    let y = Tensor(
      scores.flatMap { score in
        let z = Double(scale * score + bias)
        return [Float(LogSigmoid.value(-z)), Float(LogSigmoid.value(z))]
      }, shape: x.shape.dropLast() + [2])
    return Forward(output: y) { dy in
      let (y, dy) = (y.values, dy.values)
      let dz = scores.indices.map { dy[2 * $0] * expm1f(y[2 * $0]) - dy[2 * $0 + 1] * expm1f(y[2 * $0 + 1]) }
      let dScale = zip(dz, scores).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      let dBias = dz.reduce(0) { $0 + Double($1) }
      return Gradients(
        input: Tensor(dz.map { $0 * scale }, shape: x.shape),
        weights: [.dense(Tensor([Float(dScale)])), .dense(Tensor([Float(dBias)]))])
    }
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("scale", &scale)
    try visit("bias", &bias)
  }
}
