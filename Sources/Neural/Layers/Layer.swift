import Random

/// A part of a neural network: a function with weights that knows its backward pass.
///
/// A layer is a value and keeps nothing between calls. `forward` returns the outputs together with a function from their
/// gradients to the gradients of the inputs and of every weight, so one formula stands beside the other.
///
/// Layers may take and give several tensors; combinators like `Serial` hand them on as Trax does, on a stack whose top is
/// the first. Most layers take one and give one: they conform to `UnaryLayer`.
public protocol Layer: Sendable {
  /// How the layer prints, as Trax prints it: `Dense_2`.
  var name: String { get }

  /// How the layer is written in a layer expression, so that reading it gives the same layer: `Dense(2)`.
  var expression: String { get }

  /// How many tensors the layer takes.
  var inputCount: Int { get }

  /// How many tensors the layer gives.
  var outputCount: Int { get }

  /// The layers inside, if there are any.
  var sublayers: [any Layer] { get }

  /// The first word of the name, by which weights are named: `Dense`.
  var kind: String { get }

  /// The number of ids that the layer's input may hold; nil where the input is no ids.
  var idCount: Int? { get }

  /// The place, among the weights, of the first table with a row for every id; nil without one.
  var idTable: Int? { get }

  /// By how many steps the layer, or those inside it together, move a sequence into the future.
  var timeShift: Int { get }

  /// The shapes of outputs, weights and state for inputs of these shapes, before there are weights. Without a plan of its
  /// own a layer has none that `outputShapes` does not need.
  /// - Throws: `LayerError` when the layer does not fit such inputs, or something would be too large.
  func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan

  /// The shapes of the outputs for inputs of these shapes, the batch first.
  /// - Throws: `LayerError` when the layer, or a weight as it is, does not fit such inputs.
  func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]]

  /// Makes weights for inputs of these shapes, from random numbers of `key`. Returns the shapes of the outputs.
  /// - Throws: `LayerError` when the layer can't take such inputs.
  mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]]

  /// The outputs, and the backward pass.
  func forward(_ inputs: [Tensor], _ pass: Pass) -> StackForward

  /// Calls `visit` with the name and the place of every weight, in the order of checkpoints and of gradients.
  mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows

  /// Calls `visit` with the name and the place of every tensor that the layer carries from one pass to the next without
  /// training it, in the order of `StackForward.state`.
  mutating func visitState(_ visit: (String, inout Tensor) throws -> Void) rethrows
}

/// A layer that takes one tensor and gives one.
public protocol UnaryLayer: Layer {
  /// The shape of the output for inputs of a shape, the batch first.
  func outputShape(_ input: [Int]) throws(LayerError) -> [Int]

  /// Makes weights for inputs of a shape.
  mutating func initialize(_ input: [Int], key: RandomKey) throws(LayerError) -> [Int]

  /// The output for `x`, and the backward pass.
  func forward(_ x: Tensor) -> Forward
}

/// What a layer is used for.
public enum Mode: String, Sendable, CaseIterable {
  /// Learning: dropout drops, batch normalization follows the batch.
  case train
  /// Judging whole sequences.
  case eval
  /// Going on one step at a time, with state from the last pass.
  case predict
}

/// The circumstances of one pass through a model.
public struct Pass: Sendable {
  public let mode: Mode
  /// The key of the random numbers of this pass.
  public let key: RandomKey
  /// Whether sequences go on where those of the last pass ended: recurrent layers begin with the state that they carry.
  public let continues: Bool

  /// A pass in a mode. It continues the last one in mode predict, unless something else is said.
  public init(_ mode: Mode = .eval, key: RandomKey = RandomKey(0), continues: Bool? = nil) {
    self.mode = mode
    self.key = key
    self.continues = continues ?? (mode == .predict)
  }

  /// The pass through the sublayer at `index`, with a key of its own.
  func through(_ index: Int) -> Pass { Pass(mode, key: key.fold(in: UInt32(index)), continues: continues) }
}

/// What `forward` of one tensor returns.
public struct Forward {
  /// The layer's output.
  public let output: Tensor
  /// The backward pass, from the gradient with respect to the output.
  public let backward: (_ dy: Tensor) -> Gradients

  public init(output: Tensor, backward: @escaping (_ dy: Tensor) -> Gradients) {
    self.output = output
    self.backward = backward
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

/// What `forward` of several tensors returns.
public struct StackForward {
  /// The layer's outputs.
  public let outputs: [Tensor]
  /// What the layer's state is after this pass, in the order of `visitState`.
  public let state: [Tensor]
  /// The backward pass, from the gradients with respect to the outputs.
  public let backward: (_ dys: [Tensor]) -> StackGradients

  public init(outputs: [Tensor], state: [Tensor] = [], backward: @escaping (_ dys: [Tensor]) -> StackGradients) {
    self.outputs = outputs
    self.state = state
    self.backward = backward
  }
}

/// The gradients with respect to a layer's inputs and weights.
public struct StackGradients {
  public let inputs: [Tensor]
  public let weights: [Gradient]

  public init(inputs: [Tensor], weights: [Gradient] = []) {
    self.inputs = inputs
    self.weights = weights
  }
}

/// Why a layer can't be made or can't take an input.
public struct LayerError: Error, Equatable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
