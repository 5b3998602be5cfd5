import Random

/// A part of a neural network: a function with weights that knows its way back.
///
/// A layer is a value and keeps nothing between calls. `forward` returns the output together with a function from the
/// output's gradient to the gradients of the input and of every weight, so one formula stands beside the other.
public protocol Layer: Sendable {
  /// How the layer prints, as Trax prints it: `Dense_2`.
  var name: String { get }

  /// How the layer is written in a layer expression, so that reading it gives the same layer: `Dense(2)`.
  var expression: String { get }

  /// The shape of the output for inputs of a shape, the batch first.
  /// - Throws: `LayerError` when the layer, or a weight as it is, does not fit such inputs.
  func outputShape(_ input: [Int]) throws(LayerError) -> [Int]

  /// Makes weights for inputs of a shape, from random numbers of `key`. Returns the shape of the output.
  /// - Throws: `LayerError` when the layer can't take inputs of that shape.
  mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int]

  /// The output for `x`, and the way back.
  func forward(_ x: Tensor) -> Forward

  /// Calls `visit` with the name and the place of every weight, in the order of checkpoints and of `Gradients`.
  mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows
}

extension Layer {
  public var expression: String { name }

  public mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int] {
    try outputShape(input)
  }

  public mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows {}

  /// The weights and their names, in the order of `visitWeights`.
  public var weights: [(name: String, value: Tensor)] {
    var weights: [(String, Tensor)] = []
    var copy = self
    copy.visitWeights { weights.append(($0, $1)) }
    return weights
  }

  /// The number of trainable numbers.
  public var weightCount: Int { weights.reduce(0) { $0 + $1.value.count } }
}

/// What `forward` returns.
public struct Forward {
  /// The layer's output.
  public let output: Tensor
  /// The way back, from the gradient with respect to the output.
  public let back: (_ dy: Tensor) -> Gradients

  public init(output: Tensor, back: @escaping (_ dy: Tensor) -> Gradients) {
    self.output = output
    self.back = back
  }
}

/// The gradients with respect to a layer's input and weights.
public struct Gradients {
  /// Of the input; zeros where the input is ids.
  public let input: Tensor
  /// Of the weights, in the order of `visitWeights`.
  public let weights: [Gradient]

  public init(input: Tensor, weights: [Gradient] = []) {
    self.input = input
    self.weights = weights
  }
}

/// The gradient of one weight.
public enum Gradient: Sendable {
  /// A number for each of the weight's.
  case dense(Tensor)
  /// Rows of a table, zero elsewhere: `values[i]` belongs to row `rows[i]`. A row that stands there more than once has
  /// the sum.
  case rows([Int], values: Tensor)

  /// The gradient as a tensor of the weight's shape.
  public func dense(shape: [Int]) -> Tensor {
    switch self {
    case .dense(let tensor): return tensor
    case .rows(let rows, let values):
      var result = Tensor(repeating: 0, shape: shape)
      let depth = values.depth
      result.withMutableValues { result in
        values.withValues { values in
          for (place, row) in rows.enumerated() {
            for index in 0..<depth { result[row * depth + index] += values[place * depth + index] }
          }
        }
      }
      return result
    }
  }
}

extension Layer {
  /// Throws unless a weight has a shape.
  func check(_ weight: Tensor, _ role: String, hasShape shape: [Int]) throws(LayerError) {
    guard weight.shape == shape else {
      throw LayerError("the \(role) of \(name) has the shape \(weight.shape), not \(shape)")
    }
  }
}

/// Why a layer can't be made or can't take an input.
public struct LayerError: Error, Equatable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
