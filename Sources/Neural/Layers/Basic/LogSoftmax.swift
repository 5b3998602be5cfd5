import CKernels
import Glibc

/// Logarithms of probabilities from scores of any size, along an axis: `y = x − log Σ exp x`.
///
///     x   [..., classes]        for the last axis, the default
///     y   [..., classes]
///     dx  = dy − exp y · Σ dy
///
/// The largest score is taken away first, so that nothing overflows. Source: Trax `LogSoftmax`.
public struct LogSoftmax: UnaryLayer, DeclaredLayer {
  /// The axis of the classes.
  public internal(set) var axis: Int

  /// - Parameter axis: The axis along which probabilities sum to 1; negative from the end.
  public init(axis: Int = -1) { self.axis = axis }

  public static let declaration = Declaration("LogSoftmax", LogSoftmax(), .axis(\.axis) { $0.axis = $1 })

  public var name: String { "LogSoftmax" }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    let outputs = try outputShapes(inputs)
    let index = axis < 0 ? axis + outputs[0].count : axis
    let isLast = index == outputs[0].count - 1
    return try LayerPlan(
      name, outputs: outputs, logProbabilities: isLast ? .exclusive : nil, mixesBatch: index == 0,
      mixesTime: index == 1 && !isLast)
  }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] {
    guard -input.count..<input.count ~= axis, input[axis < 0 ? axis + input.count : axis] > 0 else {
      throw LayerError("\(name) along axis \(axis) can't take inputs of shape \(input)")
    }
    return input
  }

  public func formula(of input: Formula) -> Formula? { axis == -1 ? .logSoftmax(input) : nil }

  public func forward(_ x: Tensor) -> Forward {
    let axis = x.axis(axis)
    let y = x.mapLines(along: axis) { x, y in
      let largest = x.max()!
      kernel_exp(y.baseAddress!, x.baseAddress!, largest, x.count)
      let logSum = logf(y.reduce(0, +))
      for index in x.indices { y[index] = x[index] - largest - logSum }
    }
    return Forward(output: y) { dy in
      let dx = y.zipLines(along: axis, dy) { y, dy, dx in
        let sum = dy.reduce(0, +)
        kernel_exp(dx.baseAddress!, y.baseAddress!, 0, y.count)
        for index in y.indices { dx[index] = dy[index] - dx[index] * sum }
      }
      return Gradients(input: dx)
    }
  }
}
