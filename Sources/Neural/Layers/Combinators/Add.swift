/// The sum of two tensors of one shape. Source: Trax `Add`.
public struct Add: DeclaredLayer {
  /// A sum of two tensors.
  public init() {}

  public var inputCount: Int { 2 }
  public static let declaration = Declaration("Add", Add())

  public var name: String { counted("Add") }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    guard inputs[0] == inputs[1] else { throw LayerError("\(name) can't add shapes \(inputs[0]) and \(inputs[1])") }
    return [inputs[0]]
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    Forward(outputs: [inputs[0].zip(inputs[1], +)]) { dys in Gradients(inputs: [dys[0], dys[0]]) }
  }
}
