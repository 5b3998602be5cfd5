import CKernels

/// The hyperbolic tangent `y = tanh x`, with the derivative `1 − y²`. Source: Trax `Tanh`.
public struct Tanh: UnaryLayer, DeclaredLayer {
  /// A hyperbolic tangent of every element.
  public init() {}

  public static let declaration = Declaration("Tanh", Tanh())

  public var name: String { "Tanh" }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { input }

  public func forward(_ x: Tensor) -> Forward {
    let y = x.mapped(kernel_tanh)
    return Forward(output: y) { dy in Gradients(input: y.zip(dy) { (1 - $0 * $0) * $1 }) }
  }
}
