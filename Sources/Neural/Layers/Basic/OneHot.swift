/// A row for every id, 1 at the id and 0 elsewhere; an id outside has a row of zeros.
///
///     ids  [...]
///     y    [..., categories]
///
/// Source: Trax `one_hot`.
public struct OneHot: UnaryLayer, DeclaredLayer {
  /// The length of a row.
  public internal(set) var categories: Int

  /// - Parameter categories: The number of ids, and the depth of the output.
  public init(_ categories: Int) { self.categories = categories }

  public static let declaration = Declaration(
    "OneHot", OneHot(1), .integer("categories", \.categories, in: LayerExpression.possibleIDCounts))

  public var name: String { "OneHot_\(categories)" }

  public var idCount: Int? { categories }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { input + [categories] }

  public func forward(_ ids: Tensor) -> Forward {
    let y = ids.withValues { ids in
      Tensor(shape: [ids.count, categories]) { y in
        y.update(repeating: 0)
        for (position, id) in ids.enumerated() where 0..<Float(categories) ~= id {
          y[position * categories + Int(id)] = 1
        }
      }
    }
    return Forward(output: y.reshaped(ids.shape + [categories])) { _ in
      Gradients(input: Tensor(repeating: 0, shape: ids.shape))
    }
  }
}
