/// Tensors one after the other along an axis, the topmost first. Source: Trax `Concatenate`.
public struct Concatenate: DeclaredLayer {
  /// How many tensors are joined.
  public internal(set) var inputCount: Int
  /// Along which axis.
  public internal(set) var axis: Int

  /// - Parameters:
  ///   - count: The number of tensors.
  ///   - axis: The axis along which they are joined; negative from the end.
  public init(_ count: Int = 2, axis: Int = -1) {
    inputCount = count
    self.axis = axis
  }

  public static let declaration = Declaration(
    "Concatenate", Concatenate(),
    .integer("n_items", \.inputCount, in: 1...LayerExpression.mostTensors, .bareIfChanged) { $0.inputCount = $1 },
    .axis(\.axis) { $0.axis = $1 })

  public var name: String { counted("Concatenate") }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    let first = inputs[0]
    guard -first.count..<first.count ~= axis else { throw LayerError("\(name): \(first) has no axis \(axis)") }
    let axisIndex = axis < 0 ? axis + first.count : axis
    var output = first
    output[axisIndex] = 0
    for input in inputs {
      var expected = first
      if input.count == first.count { expected[axisIndex] = input[axisIndex] }
      guard input == expected else { throw LayerError("\(name) can't join shapes \(inputs) along axis \(axis)") }
      output[axisIndex] += input[axisIndex]
    }
    return [output]
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let axis = inputs[0].axis(axis)
    return Forward(outputs: [Tensor.concatenate(inputs, axis: axis)]) { dys in
      var start = 0
      return Gradients(
        inputs: inputs.map { input in
          defer { start += input.shape[axis] }
          return dys[0].slice(axis: axis, start..<start + input.shape[axis])
        })
    }
  }
}
