/// What a layer makes of inputs of some shapes, worked out without its weights and without memory for any of them: the
/// shapes of its outputs, weights and state, and how many numbers a pass makes.
///
/// This is the one place where sizes are held against the limit, so that neither a sum nor a product of sizes overflows
/// and no memory is asked for that nobody has.
public struct LayerPlan: Sendable {
  /// The most numbers of a tensor, of all weights of a model, and of all tensors of a pass: what OpenBLAS can count.
  public static let mostNumbers = Int(Int32.max)

  /// The name and the shape of a weight, or of a tensor of state.
  public struct Entry: Sendable, Equatable {
    /// The name of the weight or state.
    public let name: String
    /// Its shape.
    public let shape: [Int]
  }

  /// Whose probabilities an output holds, as logarithms.
  public enum LogProbabilities: Sendable {
    /// Those of classes of which one is the case: they make 1 together.
    case exclusive
    /// Those of classes each of which is there or not by itself.
    case independent
    /// Those of the tags of a sequence, one at every step, given the tag of the step before: the last two axes are that
    /// tag and this one, and `TagChain` knows what follows.
    case chain
  }

  /// The shapes of the outputs.
  public let outputs: [[Int]]
  /// The weights, in the order of `visitWeights`.
  public private(set) var weights: [Entry]
  /// The state whose shapes are known before the first pass, in the order of `visitState`.
  public private(set) var state: [Entry]
  /// The numbers of all outputs, those of the layers inside among them.
  public private(set) var numbers: Int
  /// Whose probabilities the last axis of the only output holds, as logarithms; nil where it holds something else.
  public let logProbabilities: LogProbabilities?
  /// Whether rows of a batch, or steps of a sequence, have a part in each other's outputs so that one that stands alone
  /// gives something else. Recurrent layers, which see the steps before, do not count.
  public private(set) var mixesBatch: Bool, mixesTime: Bool

  /// The plan of one layer.
  /// - Parameters:
  ///   - name: The layer's name, for messages.
  ///   - outputs: The shapes of the outputs.
  ///   - weights: The names and shapes of the weights.
  ///   - state: Those of the state.
  ///   - inside: How many numbers a pass makes beside the outputs, for each of the first output.
  ///   - logProbabilities: Whose log probabilities the last axis of the output holds, if it does.
  ///   - mixesBatch: Whether rows of a batch have a part in each other's outputs.
  ///   - mixesTime: Whether steps of a sequence have a part in each other's outputs, but for recurrent layers.
  /// - Throws: `LayerError` when an output or a weight would be too large.
  public init(
    _ name: String, outputs: [[Int]], weights: [(name: String, shape: [Int])] = [],
    state: [(name: String, shape: [Int])] = [], inside: Int = 0, logProbabilities: LogProbabilities? = nil,
    mixesBatch: Bool = false, mixesTime: Bool = false
  ) throws(LayerError) {
    var counts: [Int] = []
    for shape in outputs { counts.append(try Self.count(shape, "an output", of: name)) }
    for (role, shape) in weights + state { _ = try Self.count(shape, "the \(role)", of: name) }
    self.outputs = outputs
    self.weights = weights.map { Entry(name: $0, shape: $1) }
    self.state = state.map { Entry(name: $0, shape: $1) }
    numbers = counts.reduce(inside * (counts.first ?? 0), +)
    self.logProbabilities = logProbabilities
    (self.mixesBatch, self.mixesTime) = (mixesBatch, mixesTime)
  }

  /// The plan of layers together, whose names are led by their indices as in `[any Layer].visitWeights`, and of what is
  /// done around them: the numbers that a pass makes there, and whether it mixes steps.
  init(
    of parts: [(layer: any Layer, plan: LayerPlan)], outputs: [[Int]], logProbabilities: LogProbabilities? = nil,
    numbers own: Int = 0, mixesTime: Bool = false
  ) {
    self.outputs = outputs
    self.logProbabilities = logProbabilities
    (weights, state, numbers, mixesBatch, self.mixesTime) = ([], [], own, false, mixesTime)
    for (index, (layer, plan)) in parts.enumerated() {
      let path = "\(index).\(layer.kind)"
      weights += plan.weights.map { Entry(name: "\(path).\($0.name)", shape: $0.shape) }
      state += plan.state.map { Entry(name: "\(path).\($0.name)", shape: $0.shape) }
      numbers += plan.numbers
      mixesBatch = mixesBatch || plan.mixesBatch
      self.mixesTime = self.mixesTime || plan.mixesTime
    }
  }

  /// The plan of layers that are applied to two sides with one set of weights.
  init(of first: LayerPlan, and second: LayerPlan) {
    outputs = first.outputs + second.outputs
    (weights, state) = (first.weights, first.state)
    numbers = first.numbers + second.numbers
    logProbabilities = nil
    (mixesBatch, mixesTime) = (first.mixesBatch || second.mixesBatch, first.mixesTime || second.mixesTime)
  }

  /// The plan of a cell that is run over time, from that of one step.
  init(_ name: String, of step: LayerPlan, times time: Int, outputs: [[Int]]) throws(LayerError) {
    let inside = step.numbers.multipliedReportingOverflow(by: time)
    guard !inside.overflow, inside.partialValue <= Self.mostNumbers else { throw Self.tooLarge("a pass", of: name) }
    try self.init(name, outputs: outputs, mixesBatch: step.mixesBatch, mixesTime: step.mixesTime)
    (weights, state) = (step.weights, step.state)
    numbers += inside.partialValue
  }

  /// The number of elements of a shape.
  private static func count(_ shape: [Int], _ what: String, of name: String) throws(LayerError) -> Int {
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow, product <= mostNumbers else { throw tooLarge("\(what), \(shape),", of: name) }
      count = product
    }
    return count
  }

  private static func tooLarge(_ what: String, of name: String) -> LayerError {
    LayerError("\(name): \(what) would have more than \(mostNumbers) numbers")
  }
}

extension Layer {
  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try LayerPlan(name, outputs: outputShapes(inputs))
  }

  /// The plan for inputs of these shapes, for a layer that has its weights.
  /// - Throws: `LayerError` when a weight, or state, has another shape than the plan says.
  func fittingPlan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    let plan = try plan(inputs)
    for (entry, weight) in zip(plan.weights, weights) { try check(weight.value, entry.name, hasShape: entry.shape) }
    for (entry, state) in zip(plan.state, state) { try check(state.value, entry.name, hasShape: entry.shape) }
    return plan
  }
}
