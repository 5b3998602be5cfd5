import CKernels
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

  public static let declaration = Declaration(
    "LayerNorm", LayerNorm(), .number("eps", \.eps, .positive) { $0.eps = $1 })

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
    let (rows, depth, scale, bias) = (x.rows, x.depth, scale, bias)
    // Every row of mean 0 and variance 1, and what it was multiplied by.
    let (z, factors) = (Tensor(shape: x.shape) { _ in }, Tensor(shape: [rows]) { _ in })
    x.withValues { x in
      inRanges(of: rows, work: depth) { range in
        for row in range {
          factors.start[row] = kernel_standardize(z.start + row * depth, x.baseAddress! + row * depth, depth, eps)
        }
      }
    }
    return Forward(output: z.scalingRows(scale).addingToRows(bias)) { dy in
      let dx = dy.scalingRows(scale)
      inRanges(of: rows, work: depth) { range in
        for row in range {
          kernel_standardize_back(dx.start + row * depth, z.start + row * depth, factors.start[row], depth)
        }
      }
      return Gradients(input: dx, weights: [.dense(dy.zip(z, *).columnSums()), .dense(dy.columnSums())])
    }
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
