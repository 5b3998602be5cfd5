/// The rectified linear unit: `y = max(x, 0)`, with the gradient 0 at 0. Source: Trax `Relu`.
public struct Relu: UnaryLayer, DeclaredLayer {
  /// A rectifier.
  public init() {}

  public static let declaration = Declaration("Relu", Relu())

  public var name: String { "Relu" }

  public func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { input }

  public func forward(_ x: Tensor) -> Forward {
    Forward(output: x.map { max($0, 0) }) { dy in
      Gradients(input: x.zip(dy) { $0 > 0 ? $1 : 0 })
    }
  }
}
