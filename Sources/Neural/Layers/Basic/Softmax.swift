import Glibc

/// Probabilities from scores of any size, along an axis: `y = exp x / Σ exp x`.
///
///     x   [..., classes]        for the last axis, the default
///     y   [..., classes]
///     dx  = y · (dy − Σ y dy)
///
/// Source: Trax `Softmax`.
public struct Softmax: UnaryLayer, DeclaredLayer {
  /// The axis of the classes.
  public internal(set) var axis: Int

  /// - Parameter axis: The axis along which probabilities sum to 1; negative from the end.
  public init(axis: Int = -1) { self.axis = axis }

  public static let declaration = Declaration("Softmax", Softmax(), .axis(\.axis))

  public var name: String { "Softmax" }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    let logarithm = try LogSoftmax(axis: axis).plan(inputs)
    return try LayerPlan(
      name, outputs: logarithm.outputs, mixesBatch: logarithm.mixesBatch, mixesTime: logarithm.mixesTime)
  }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { try LogSoftmax(axis: axis).outputShape(input) }

  public func forward(_ x: Tensor) -> Forward {
    let axis = x.axis(axis)
    let y = LogSoftmax(axis: axis).forward(x).output.map { expf($0) }
    return Forward(output: y) { dy in
      let dx = y.zipLines(along: axis, dy) { y, dy, dx in
        let sum = zip(y, dy).reduce(0) { $0 + $1.0 * $1.1 }
        for index in y.indices { dx[index] = y[index] * (dy[index] - sum) }
      }
      return Gradients(input: dx)
    }
  }
}
