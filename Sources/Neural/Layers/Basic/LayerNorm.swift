import Random

/// Brings every row to mean 0 and variance 1, then scales and moves it: `y = scale · (x − μ) / √(σ² + eps) + bias`.
///
///     x            [..., depth]
///     scale, bias  [depth]        at first 1 and 0
///     y            [..., depth]
///
/// Source: J. L. Ba et al., Layer Normalization, 2016; Trax `LayerNorm`.
public struct LayerNorm: UnaryLayer, DeclaredLayer {
  /// Keeps the divisor away from zero.
  public internal(set) var eps: Float
  /// What each normalized feature is multiplied by, `[depth]`.
  public var scale = Tensor.empty
  /// What is added to each feature, `[depth]`.
  public var bias = Tensor.empty

  /// - Parameter eps: Added to the variance, so that the divisor is not 0.
  public init(eps: Float = 1e-6) { self.eps = eps }

  public static let declaration = Declaration("LayerNorm", LayerNorm(), .number("eps", \.eps, .positive))

  public var name: String { "LayerNorm" }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try checkCount(inputs)
    guard let depth = inputs[0].last else { throw LayerError("\(name) takes inputs [..., depth], not \(inputs[0])") }
    return try LayerPlan(name, outputs: inputs, weights: [("scale", [depth]), ("bias", [depth])])
  }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { try fittingPlan([input]).outputs[0] }

  public mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int] {
    scale = Tensor(repeating: 1, shape: [input.last ?? 0])
    bias = Tensor(repeating: 0, shape: [input.last ?? 0])
    return try outputShape(input)
  }

  public func forward(_ x: Tensor) -> Forward {
    let (z, inverse) = standardized(x)
    let (scale, bias) = (scale, bias)
    return Forward(output: z.scalingRows(scale).addingToRows(bias)) { dy in
      // With z = (x − μ) / σ: dx = (dz − mean dz − z · mean (z dz)) / σ
      let dz = dy.scalingRows(scale)
      var dx = dz.zipLines(along: x.shape.count - 1, z) { dz, z, dx in
        let n = Float(z.count)
        let mean = dz.reduce(0, +) / n
        let product = zip(dz, z).reduce(0) { $0 + $1.0 * $1.1 } / n
        for index in z.indices { dx[index] = dz[index] - mean - z[index] * product }
      }
      dx.withMutableValues { dx in
        for index in dx.indices { dx[index] *= inverse[index / x.depth] }
      }
      return Gradients(input: dx, weights: [.dense(dy.zip(z, *).columnSums()), .dense(dy.columnSums())])
    }
  }

  /// Every row of mean 0 and variance 1, and what it was multiplied by.
  private func standardized(_ x: Tensor) -> (z: Tensor, inverse: [Float]) {
    var inverse: [Float] = []
    let z = x.mapLines(along: x.shape.count - 1) { x, z in
      let n = Float(x.count)
      let mean = x.reduce(0, +) / n
      let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
      let factor = 1 / (variance + eps).squareRoot()
      inverse.append(factor)
      for index in x.indices { z[index] = (x[index] - mean) * factor }
    }
    return (z, inverse)
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {
    try visit("scale", &scale)
    try visit("bias", &bias)
  }
}

extension Tensor {
  /// Every row multiplied by a row vector, number by number.
  func scalingRows(_ row: Tensor) -> Tensor {
    precondition(row.count == depth, "a row of \(row.count) does not fit the shape \(shape)")
    return row.withValues { row in
      withValues { x in
        Tensor(shape: shape) { y in
          for start in stride(from: 0, to: x.count, by: max(row.count, 1)) {
            for index in 0..<row.count { y[start + index] = x[start + index] * row[index] }
          }
        }
      }
    }
  }
}
