import CKernels

/// The logistic function `y = 1 / (1 + e^−x)`, with the derivative `y (1 − y)`. Source: Trax `Sigmoid`.
public struct Sigmoid: UnaryLayer, DeclaredLayer {
  /// A logistic function of every element.
  public init() {}

  public static let declaration = Declaration("Sigmoid", Sigmoid())

  public var name: String { "Sigmoid" }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { input }

  public func forward(_ x: Tensor) -> Forward {
    let y = x.mapped(kernel_sigmoid)
    return Forward(output: y) { dy in Gradients(input: y.zip(dy) { $0 * (1 - $0) * $1 }) }
  }
}
