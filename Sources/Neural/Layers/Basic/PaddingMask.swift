/// 1 for ids, 0 for the padding id 0: `[batch, time] → [batch, time]`. Where there are several ids at every step, as for
/// `EmbeddingSum`, 1 for steps with any: `[batch, time, k] → [batch, time]`. Source: Trax `PaddingMask`, without its
/// extra axes.
public struct PaddingMask: UnaryLayer, DeclaredLayer {
  /// A mask of ids.
  public init() {}

  public static let declaration = Declaration("PaddingMask", PaddingMask())

  public var name: String { "PaddingMask" }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { Array(input.prefix(2)) }

  public func forward(_ ids: Tensor) -> Forward {
    let each = ids.shape.dropFirst(2).reduce(1, *)
    let shape = Array(ids.shape.prefix(2))
    let mask = ids.withValues { ids in
      Tensor(shape: shape) { mask in
        for step in mask.indices { mask[step] = ids[step * each..<(step + 1) * each].contains { $0 != 0 } ? 1 : 0 }
      }
    }
    return Forward(output: mask) { _ in Gradients(input: Tensor(repeating: 0, shape: ids.shape)) }
  }
}

extension Tensor {
  /// Of a mask `[batch, time]`, the lengths of rows without the padding at their ends: up to the last step that counts.
  func rowLengths() -> [Int] {
    let time = shape[1]
    return withValues { mask in
      (0..<shape[0]).map { row in
        (0..<time).last { mask[row * time + $0] != 0 }.map { $0 + 1 } ?? 0
      }
    }
  }
}
