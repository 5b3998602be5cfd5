/// A user's own function of variables as a layer without weights; its backward pass is taken from the tape of
/// `gradient(of:)`.
///
///     Fn("Half") { x in [x[0] * 0.5] }
///
/// It has no expression, so a model with one can't be read back from its file. Source: Trax `Fn`.
public struct Fn: Layer {
  public let name: String
  public let inputCount: Int
  public let outputCount: Int
  private let function: @Sendable ([Variable]) -> [Variable]

  /// A function of `inputCount` variables that gives `outputCount`.
  public init(
    _ name: String, inputCount: Int = 1, outputCount: Int = 1,
    _ function: @escaping @Sendable ([Variable]) -> [Variable]
  ) {
    self.name = name
    self.inputCount = inputCount
    self.outputCount = outputCount
    self.function = function
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try checkCount(inputs)
    return function(inputs.map { Variable(Tensor(repeating: 0.5, shape: $0)) }).map(\.shape)
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let variables = inputs.map { Variable($0) }
    let outputs = function(variables)
    return Forward(outputs: outputs.map(\.value)) { dys in
      var sums = inputs.map { Tensor(repeating: 0, shape: $0.shape) }
      for (output, dy) in zip(outputs, dys) {
        let gradients = output.gradients(of: variables, seed: Variable(dy))
        for index in sums.indices { sums[index] = sums[index].zip(gradients[index].value, +) }
      }
      return Gradients(inputs: sums)
    }
  }
}
