/// The mean over one axis: `y = Σ x / n` with n the axis' length.
///
///     x  [batch, time, depth]
///     y  [batch, depth]          for axis 1, the default
///
/// Axis 0 is the batch; a negative axis counts from the last. Padding is averaged in. Source: Trax `Mean`.
public struct Mean: UnaryLayer, DeclaredLayer {
  /// The axis that goes away.
  public internal(set) var axis: Int
  /// Keep the axis, with length 1.
  public internal(set) var keepsDimensions: Bool

  /// - Parameters:
  ///   - axis: The axis over which the mean is taken; negative from the end.
  ///   - keepsDimensions: Whether the axis stays, with the length 1.
  public init(axis: Int = 1, keepsDimensions: Bool = false) {
    self.axis = axis
    self.keepsDimensions = keepsDimensions
  }

  public static let declaration = Declaration("Mean", Mean(), .axis(\.axis), .truth("keepdims", \.keepsDimensions))

  public var name: String { "Mean" }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] {
    guard -input.count..<input.count ~= axis else {
      throw LayerError("\(name) over axis \(axis) can't take inputs of shape \(input)")
    }
    return shape(of: input)
  }

  public func forward(_ x: Tensor) -> Forward {
    let axis = axis < 0 ? axis + x.shape.count : axis
    let length = x.shape[axis]
    let inner = x.shape[(axis + 1)...].reduce(1, *)
    let scale = 1 / Float(length)
    let shape = shape(of: x.shape)
    let y = x.withValues { x in
      Tensor(shape: shape) { y in
        y.update(repeating: 0)
        for outer in 0..<y.count / max(inner, 1) {
          for position in 0..<length {
            let start = (outer * length + position) * inner
            for index in 0..<inner { y[outer * inner + index] += x[start + index] }
          }
        }
        for index in 0..<y.count { y[index] *= scale }
      }
    }
    return Forward(output: y) { dy in
      let dx = dy.withValues { dy in
        Tensor(shape: x.shape) { dx in
          for outer in 0..<dy.count / max(inner, 1) {
            for position in 0..<length {
              let start = (outer * length + position) * inner
              for index in 0..<inner { dx[start + index] = dy[outer * inner + index] * scale }
            }
          }
        }
      }
      return Gradients(input: dx)
    }
  }

  /// `EmbeddingMean`, where ids `[batch, time]` come and the mean is over time.
  public func fused(behind lookup: Lookup, ids: [Int]?) -> (any Layer)? {
    guard isOverTime, let ids, ids.count == 2, ids[0] * ids[1] > 0 else { return nil }
    return EmbeddingMean(lookup)
  }

  public func formula(of input: Formula) -> Formula? { isOverTime ? .meanOverTime(input) : nil }

  /// Whether the output is the mean over the second axis and nothing else.
  private var isOverTime: Bool { axis == 1 && !keepsDimensions }

  private func shape(of input: [Int]) -> [Int] {
    var shape = input
    let axis = axis < 0 ? axis + input.count : axis
    if keepsDimensions { shape[axis] = 1 } else { shape.remove(at: axis) }
    return shape
  }
}
