import Random

/// A part of a neural network: a function with weights that knows its backward pass.
///
/// A layer is a value and keeps nothing between calls. `forward` returns the outputs together with a function from
/// their gradients to the gradients of the inputs and of every weight, so one formula stands beside the other.
///
/// Layers may take and give several tensors; combinators like `Serial` hand them on as Trax does, on a stack whose top
/// is the first. Most layers take one and give one: they conform to `UnaryLayer`.
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

  /// The word by which weights are named in files: `Dense`. Default: the name of the type, without what it is generic
  /// over; it stays when the type gets another name only if the layer states it.
  var kind: String { get }

  /// The number of ids that the layer's input may hold; nil where the input is no ids.
  var idCount: Int? { get }

  /// The number of ids that the layer's second input may hold; nil where these are as those of the first.
  var otherIDCount: Int? { get }

  /// Whether the layer, or one inside it, takes several ids at every step, on a last axis of its input. Default: whether
  /// one inside does.
  var takesIDLists: Bool { get }

  /// The index, among the weights, of the first table with a row for every id; nil without one.
  var idTable: Int? { get }

  /// The indices, among the weights, of the tables whose rows are looked up by the ids of the first input as they are,
  /// or by those of several inputs, so that a step touches only these rows of them. Default: none. A `Combinator` has
  /// those of the layers that take its inputs.
  var lookupTables: [Int] { get }

  /// By how many steps the layer, or those inside it together, move a sequence into the future.
  var timeShift: Int { get }

  /// The shapes of outputs, weights and state for inputs of these shapes, before there are weights. Without a plan of
  /// its own a layer has none that `outputShapes` does not need.
  /// - Throws: `LayerError` when the layer does not fit such inputs, or something would be too large.
  func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan

  /// The shapes of the outputs for inputs of these shapes, the batch first.
  /// - Throws: `LayerError` when the layer, or a weight as it is, does not fit such inputs.
  func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]]

  /// Makes weights for inputs of these shapes, from random numbers of `key`. Returns the shapes of the outputs.
  /// - Throws: `LayerError` when the layer can't take such inputs.
  mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]]

  /// The outputs, and the backward pass.
  func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward

  /// Calls `visit` with the name and the value of every weight, in the order of checkpoints and of gradients.
  mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows

  /// Calls `visit` with the name, the kind and the value of every tensor that the layer keeps from one pass to the next
  /// without training it, in the order of `Forward.state`.
  mutating func visitState(_ visit: (String, StateKind, inout Tensor) throws -> Void) rethrows

  /// The shapes that each of the sublayers takes, for inputs of these shapes, where a description of the model shows
  /// what is inside the layer. Default: an empty list; it is shown as one.
  func inputsOfSublayers(_ inputs: [[Int]]) throws(LayerError) -> [[[Int]]]

  /// What the layer applies to each of two inputs, with one set of weights. Default: nil, it does no such thing.
  var sharedSide: Serial? { get }

  /// The layer as layers in a row. Default: a `Serial` of this one.
  var serial: Serial { get }

  // Fast paths. None of them changes what a layer computes, but for the rounding of sums in another order.

  /// One layer that does the work of this one and of `next`, which takes its outputs: with the gradients of the weights
  /// of both in their order, and the state of both. Default: nil, there is none.
  ///
  /// `Serial` runs it instead of the two. It is made anew for every pass, and holds the weights as they are then.
  /// - Parameter inputs: The shapes of this layer's inputs; nil where the layer is made once for all inputs, for
  ///   inference.
  func fused(with next: any Layer, inputs: [[Int]]?) -> (any Layer)?

  /// One layer that does the work of this one and of a table that ids look up in front of it; `Embedding` asks for it.
  /// Default: nil, there is none.
  /// - Parameter ids: The shape of the ids; nil where the layer is made once for all ids, for inference.
  func fused(behind lookup: Lookup, ids: [Int]?) -> (any Layer)?

  /// What the layer makes of its one input outside of mode train, where it can be said as a formula. Default: nil, it
  /// can't.
  func formula(of input: Formula) -> Formula?

  /// The layer for passes that do not learn: with kernels of fewer bits a number if that is asked for. Default: itself.
  /// A `Combinator` asks the layers inside.
  /// - Throws: `LayerError` when a weight is too large for half precision, or no number.
  func specialized(for inference: Inference) throws(LayerError) -> any Layer
}

/// What a tensor of state is for.
public enum StateKind: Sendable {
  /// It belongs to the sequences of the last pass; empty before the first, and where sequences begin.
  case carried
  /// It sums up all batches so far, like a running mean.
  case running
  /// It counts what all batches so far have held, and grows by what a batch holds.
  case counted
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
  /// Training: dropout drops, batch normalization follows the batch.
  case train
  /// Evaluation of whole sequences.
  case eval
  /// Prediction one step at a time, with the state of the last pass.
  case predict
}

/// The circumstances of one pass through a model.
public struct Pass: Sendable {
  /// What the layers are used for.
  public let mode: Mode
  /// The key of the random numbers of this pass.
  public let key: RandomKey
  /// Whether sequences go on where those of the last pass ended: recurrent layers begin with the state that they carry.
  public let continues: Bool
  /// Is told the gradients of the weights on the way back, layer by layer from the last on, by the `Serial` that the
  /// pass goes through first; nil where nobody asks.
  let onGradients: (@Sendable ([Gradient]) -> Void)?

  /// A pass in a mode. It continues the last one in mode predict, unless something else is said.
  public init(_ mode: Mode = .eval, key: RandomKey = RandomKey(0), continues: Bool? = nil) {
    self.init(mode, key: key, continues: continues ?? (mode == .predict), onGradients: nil)
  }

  init(_ mode: Mode, key: RandomKey, continues: Bool, onGradients: (@Sendable ([Gradient]) -> Void)?) {
    self.mode = mode
    self.key = key
    self.continues = continues
    self.onGradients = onGradients
  }

  /// The pass through the sublayer at `index`, with a key of its own.
  public func through(_ index: Int) -> Pass { Pass(mode, key: key.fold(in: UInt32(index)), continues: continues) }
}

/// What `forward` returns.
public struct Forward {
  /// The layer's outputs.
  public let outputs: [Tensor]
  /// What the layer's state is after this pass, in the order of `visitState`.
  public let state: [Tensor]
  /// The backward pass, from the gradients with respect to the outputs.
  public let backward: (_ dys: [Tensor]) -> Gradients

  /// - Parameters:
  ///   - outputs: The layer's outputs.
  ///   - state: What its state is after this pass, in the order of `visitState`.
  ///   - backward: The backward pass, from the gradients with respect to the outputs.
  public init(outputs: [Tensor], state: [Tensor] = [], backward: @escaping (_ dys: [Tensor]) -> Gradients) {
    self.outputs = outputs
    self.state = state
    self.backward = backward
  }

  /// The same of a layer with one output and no state.
  /// - Parameters:
  ///   - output: The layer's output.
  ///   - backward: The backward pass, from the gradient with respect to the output.
  public init(output: Tensor, backward: @escaping (_ dy: Tensor) -> Gradients) {
    self.init(outputs: [output]) { dys in backward(dys[0]) }
  }

  /// The output of a layer that has one; the first of several.
  /// - Precondition: There is an output.
  public var output: Tensor { outputs[0] }

  /// The backward pass of a layer that has one output, from the gradient with respect to it.
  public func backward(_ dy: Tensor) -> Gradients { backward([dy]) }
}

/// The gradients with respect to a layer's inputs and weights.
public struct Gradients {
  /// Of the inputs, in their shapes; zeros where an input is ids.
  public let inputs: [Tensor]
  /// Of the weights, in the order of `visitWeights`.
  public let weights: [Gradient]

  /// - Parameters:
  ///   - inputs: The gradients of the inputs, in their shapes.
  ///   - weights: Those of the weights, in the order of `visitWeights`.
  public init(inputs: [Tensor], weights: [Gradient] = []) {
    self.inputs = inputs
    self.weights = weights
  }

  /// The same of a layer with one input.
  /// - Parameters:
  ///   - input: The gradient of the input, in its shape.
  ///   - weights: Those of the weights, in the order of `visitWeights`.
  public init(input: Tensor, weights: [Gradient] = []) { self.init(inputs: [input], weights: weights) }

  /// That of the input of a layer that has one; of the first of several.
  /// - Precondition: There is an input.
  public var input: Tensor { inputs[0] }
}

/// Why a layer can't be made or can't take an input.
public struct LayerError: Error, Equatable, CustomStringConvertible {
  public let description: String
  /// - Parameter description: The message.
  public init(_ description: String) { self.description = description }
}
