/// 1 for ids, 0 for the padding id 0: `[batch, time] → [batch, time]`. Source: Trax `PaddingMask`, without its extra
/// axes.
public struct PaddingMask: UnaryLayer, DeclaredLayer {
  /// A mask of ids.
  public init() {}

  public static let declaration = Declaration("PaddingMask", PaddingMask())

  public var name: String { "PaddingMask" }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { input }

  public func forward(_ ids: Tensor) -> Forward {
    Forward(output: ids.map { $0 == 0 ? 0 : 1 }) { _ in Gradients(input: Tensor(repeating: 0, shape: ids.shape)) }
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
