import Glibc

/// The logarithm of the logistic function, `y = log σ(x) = −log(1 + e^−x)`: of every class by itself, the logarithm of
/// the probability that it is there, from its log odds.
///
///     x   [..., classes]
///     y   [..., classes]
///     dx  = dy (1 − e^y)
///
/// It is the output of models that give a record several classes or none, as `LogSoftmax` is of those that give it one.
/// Log odds above 87 count as 87, so that `1 − e^y`, the probability that the class is not there, keeps its digits and
/// is never 0.
public struct LogSigmoid: UnaryLayer, DeclaredLayer {
  /// The logarithm of the logistic function of every element.
  public init() {}

  public static let declaration = Declaration("LogSigmoid", LogSigmoid())

  public var name: String { "LogSigmoid" }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try LayerPlan(name, outputs: outputShapes(inputs), logProbabilities: .independent)
  }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { input }

  public func formula(of input: Formula) -> Formula? { .logSigmoid(input) }

  public func forward(_ x: Tensor) -> Forward {
    let y = x.map { Float(Self.value(Double($0))) }
    return Forward(output: y) { dy in Gradients(input: y.zip(dy) { -expm1f($0) * $1 }) }
  }

  /// `log σ(x)`, at most the largest that a float can tell from the logarithm of 1.
  static func value(_ x: Double) -> Double {
    min(min(x, 0) - log1p(exp(-abs(x))), -Double(Float.leastNormalMagnitude))
  }
}
