import Random

/// A layer over a sequence, and another of its kind, with weights of its own, over the sequence from its end: at every
/// step what the first makes of the steps up to here, and behind it what the second makes of those from here on.
///
///     x     [batch, time, depth]
///     mask  [batch, time]                 in the masked form alone: 1 for what counts, 0 for padding
///     y     [batch, time, 2 units]
///
/// `Bidirectional[LSTM(64)]` takes x and gives y. It goes over padding like over other steps, from which it comes to
/// the last that counts: rows of one length are for it. `MaskedBidirectional[LSTM(64)]` takes x and the mask and gives
/// y and the mask, for what comes later; each row begins at its own end, and y is 0 behind it, so that padding changes
/// nothing. On the stack:
///
///     Branch[Embedding(50) PaddingMask] MaskedBidirectional[LSTM(64)] Dense(17) MaskedCRF
///     Branch[Embedding(50) PaddingMask] MaskedBidirectional[LSTM(64)] Select(0, n_in: 2) Dense(17) LogSoftmax
///
/// It takes whole sequences: nothing is carried from one pass to the next. Source: M. Schuster, K. K. Paliwal,
/// Bidirectional Recurrent Neural Networks, 1997.
public struct Bidirectional: Combinator {
  /// The layer that goes forward, and the one that begins at the end.
  public var layers: [any Layer]
  /// Whether a mask says where rows end.
  public let isMasked: Bool

  /// - Parameters:
  ///   - layer: What is run in both directions: `[batch, time, depth]` to `[batch, time, units]`.
  ///   - isMasked: Whether a mask comes with the sequences.
  /// - Precondition: The layer takes one tensor and gives one.
  public init(_ layer: any Layer, isMasked: Bool = false) {
    precondition(layer.inputCount == 1 && layer.outputCount == 1, "\(layer.name) does not turn one tensor into one")
    layers = [layer, layer]
    self.isMasked = isMasked
  }

  static let entry = entry(isMasked: false)
  static let maskedEntry = entry(isMasked: true)

  private static func entry(isMasked: Bool) -> CatalogueEntry<any Layer> {
    CatalogueEntry(name: word(isMasked), depth: 1) { arguments throws(ExpressionError) in
      let layers = try arguments.layers()
      guard layers.count == 1, layers[0].inputCount == 1, layers[0].outputCount == 1 else {
        throw ExpressionError(
          column: arguments.call.column, "\(word(isMasked)) holds one layer, such as LSTM(64), of one tensor")
      }
      return Bidirectional(layers[0], isMasked: isMasked)
    }
  }

  private static func word(_ isMasked: Bool) -> String { isMasked ? "MaskedBidirectional" : "Bidirectional" }

  public var kind: String { Self.word(isMasked) }
  public var name: String { "\(counted(kind))[\(layers[0].name)]" }
  public var expression: String { "\(kind)(\(layers[0].expression))" }
  public var inputCount: Int { isMasked ? 2 : 1 }
  public var outputCount: Int { inputCount }
  /// Both: the ids are the same from behind.
  public var inputLayers: Range<Int> { layers.indices }

  public func plan(_ inputs: [[Int]]) throws(LayerError) -> LayerPlan {
    try check(inputs)
    var parts: [(layer: any Layer, plan: LayerPlan)] = []
    for layer in layers { parts.append((layer, try layer.plan([inputs[0]]))) }
    guard parts.allSatisfy({ $0.plan.state.isEmpty }) else {
      throw LayerError("\(name): what goes both ways has a layer with state of its own")
    }
    let outputs = try joined(inputs, parts.map(\.plan.outputs[0]))
    return LayerPlan(
      of: parts, outputs: outputs, numbers: try LayerPlan(name, outputs: outputs).numbers, mixesTime: true)
  }

  public func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] {
    try check(inputs)
    var outputs: [[Int]] = []
    for layer in layers { outputs.append(try layer.outputShape(inputs[0])) }
    return try joined(inputs, outputs)
  }

  public mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    try check(inputs)
    var outputs: [[Int]] = []
    for (index, key) in key.split().enumerated() {
      outputs.append(try layers[index].initialize(inputs[0], key: key))
    }
    return try joined(inputs, outputs)
  }

  private func check(_ inputs: [[Int]]) throws(LayerError) {
    try checkCount(inputs)
    guard inputs[0].count >= 2, inputs.dropFirst().allSatisfy({ $0 == Array(inputs[0].prefix(2)) }) else {
      throw LayerError("\(name) takes [batch, time, depth]\(isMasked ? " and [batch, time]" : ""), not \(inputs)")
    }
  }

  /// The shapes of the outputs for those of both directions.
  private func joined(_ inputs: [[Int]], _ outputs: [[Int]]) throws(LayerError) -> [[Int]] {
    guard outputs.allSatisfy({ $0.count == 3 && $0.prefix(2) == inputs[0].prefix(2) }) else {
      throw LayerError("\(name): the layer inside gives \(outputs[0]), and not [batch, time, units], for \(inputs[0])")
    }
    return [inputs[0].prefix(2) + [outputs[0][2] + outputs[1][2]]] + inputs.dropFirst()
  }

  public func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let x = inputs[0]
    let lengths = isMasked ? inputs[1].rowLengths() : [Int](repeating: x.shape[1], count: x.shape[0])
    let (ahead, back) = (
      layers[0].forward([x], pass.anew(0)), layers[1].forward([x.reversingSteps(lengths)], pass.anew(1))
    )
    let units = ahead.output.depth
    let y = Tensor.concatenate([ahead.output, back.output.reversingSteps(lengths)]).clearingSteps(behind: lengths)
    return Forward(outputs: [y] + inputs.dropFirst()) { dys in
      let dy = dys[0].clearingSteps(behind: lengths)
      let ahead = ahead.backward(dy.slice(axis: -1, 0..<units))
      let back = back.backward(dy.slice(axis: -1, units..<dy.depth).reversingSteps(lengths))
      // A mask is no number that is learned.
      let dMask = inputs.dropFirst().map { Tensor(repeating: 0, shape: $0.shape) }
      return Gradients(
        inputs: [ahead.input.zip(back.input.reversingSteps(lengths), +)] + dMask, weights: ahead.weights + back.weights)
    }
  }

  /// Nothing is kept.
  public mutating func visitState(_ visit: (String, StateKind, inout Tensor) throws -> Void) rethrows {}
}

extension Pass {
  /// A pass of whole sequences through the sublayer at `index`.
  fileprivate func anew(_ index: Int) -> Pass {
    Pass(mode == .predict ? .eval : mode, key: through(index).key, continues: false)
  }
}

extension Tensor {
  /// The first steps of every row, as many as its length, from the last to the first: `[batch, time, ...]`.
  func reversingSteps(_ lengths: [Int]) -> Tensor {
    let (time, size) = (shape[1], shape[2...].reduce(1, *))
    return withValues { x in
      Tensor(shape: shape) { y in
        for (row, length) in lengths.enumerated() where size > 0 {
          for step in 0..<time {
            let from = step < length ? length - 1 - step : step
            (y.baseAddress! + (row * time + step) * size).update(
              from: x.baseAddress! + (row * time + from) * size, count: size)
          }
        }
      }
    }
  }

  /// Zeros in the steps of every row behind its length.
  func clearingSteps(behind lengths: [Int]) -> Tensor {
    let (time, size) = (shape[1], shape[2...].reduce(1, *))
    guard lengths.contains(where: { $0 < time }) else { return self }
    var result = self
    result.withMutableValues { y in
      for (row, length) in lengths.enumerated() {
        y[(row * time + length) * size..<(row + 1) * time * size].update(repeating: 0)
      }
    }
    return result
  }
}
