import Neural
import Random
import TestSupport
import Testing

/// The last step of a sequence: `[batch, time, depth]` to `[batch, depth]`. A layer as users write it, with a form of
/// its own behind an embedding: only the last ids are looked up.
struct Last: UnaryLayer {
  var name: String { "Last" }

  func outputShape(_ input: [Int]) throws(LayerError) -> [Int] {
    guard input.count == 3 else { throw LayerError("\(name) takes [batch, time, depth], not \(input)") }
    return [input[0], input[2]]
  }

  func forward(_ x: Tensor) -> Forward {
    let (batch, time, depth) = (x.shape[0], x.shape[1], x.shape[2])
    return Forward(output: x.slice(axis: 1, time - 1..<time).reshaped([batch, depth])) { dy in
      let zeros = Tensor(repeating: 0, shape: [batch, time - 1, depth])
      return Gradients(input: Tensor.concatenate([zeros, dy.reshaped([batch, 1, depth])], axis: 1))
    }
  }

  func fused(behind lookup: Lookup, ids: [Int]?) -> (any Layer)? { EmbeddingLast(lookup: lookup) }

  struct EmbeddingLast: UnaryLayer {
    let lookup: Lookup
    var name: String { "EmbeddingLast" }
    func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { [input[0], lookup.table.depth] }
    func forward(_ ids: Tensor) -> Forward {
      let last = lookup.forward(ids.slice(axis: 1, ids.shape[1] - 1..<ids.shape[1]).reshaped([ids.shape[0]]))
      return Forward(output: last.output) { dy in
        Gradients(input: Tensor(repeating: 0, shape: ids.shape), weights: last.backward(dy).weights)
      }
    }
  }
}

/// A factor for all elements, with a form of its own for inference.
struct Gain: UnaryLayer {
  var factor = Tensor([1.0001])
  var name: String { "Gain" }
  func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { input }
  func forward(_ x: Tensor) -> Forward {
    let factor = factor.values[0]
    return Forward(output: x.map { $0 * factor }) { dy in
      Gradients(input: dy.map { $0 * factor }, weights: [.dense(Tensor([dy.zip(x, *).values.reduce(0, +)]))])
    }
  }
  mutating func visitWeights(_ visit: (String, inout Tensor) throws -> Void) rethrows { try visit("factor", &factor) }
  func specialized(for inference: Inference) throws(LayerError) -> any Layer {
    guard inference.precision == .half else { return self }
    return Gain(factor: try inference.rounded(factor, "factor"))
  }
}

/// The mean of what layers make of the same input: a combinator as users write it.
struct Ensemble: Combinator {
  var layers: [any Layer]
  var inputLayers: Range<Int> { layers.indices }
  var name: String { "Ensemble" }

  func outputShapes(_ inputs: [[Int]]) throws(LayerError) -> [[Int]] { try layers[0].outputShapes(inputs) }

  mutating func initialize(_ inputs: [[Int]], key: RandomKey) throws(LayerError) -> [[Int]] {
    for (index, key) in key.split(layers.count).enumerated() { _ = try layers[index].initialize(inputs, key: key) }
    return try outputShapes(inputs)
  }

  func forward(_ inputs: [Tensor], _ pass: Pass) -> Forward {
    let forwards = layers.enumerated().map { $1.forward(inputs, pass.through($0)) }
    let share = 1 / Float(layers.count)
    func sum(_ tensors: [Tensor]) -> Tensor { tensors.dropFirst().reduce(tensors[0]) { $0.zip($1, +) } }
    return Forward(
      outputs: [sum(forwards.map { $0.outputs[0] }).map { $0 * share }], state: forwards.flatMap(\.state)
    ) { dys in
      let gradients = forwards.map { $0.backward([dys[0].map { $0 * share }]) }
      return Gradients(inputs: [sum(gradients.map { $0.inputs[0] })], weights: gradients.flatMap(\.weights))
    }
  }
}

/// Layers and combinators of users have the fast paths that the library's own have: fused forms, forms for inference,
/// tables that ids look up, and row-wise optimizers.
@Suite struct FusionTests {
  let ids = Tensor([[3, 1, 4, 1], [5, 9, 2, 6], [0, 0, 7, 6]])

  func model(_ layers: any Layer...) throws -> Serial {
    var model = Serial(layers)
    _ = try model.initialize([[3, 4]], key: RandomKey(1))
    model.visitWeights { name, weight in
      weight = Tensor(RandomKey(UInt64(name.utf8.count)).normal(weight.count).map { 0.3 * $0 }, shape: weight.shape)
    }
    return model
  }

  /// The rows that the gradient of a table has.
  func rows(_ gradient: Gradient) -> [Int]? {
    guard case .rows(let rows, _) = gradient else { return nil }
    return rows
  }

  /// Behind an embedding, every layer of the catalogue that has a form of its own there gives what it gives without: the
  /// outputs and the gradients of the table and of its own weights.
  @Test func formsBehindAnEmbeddingGiveWhatTheTwoGive() throws {
    var fused: Set<String> = []
    for test in LayerCase.all where test.ids == nil && test.shapes.count == 1 && test.shapes[0].count == 3 {
      let depth = test.shapes[0][2]
      for (batch, time) in [(test.shapes[0][0], test.shapes[0][1]), (1, 7), (5, 1)] {
        var model = try LayerExpression().model("Embedding(3, \(depth)) \(test.expression)")
        guard model.layers.count == 2, (try? model.initialize([[batch, time]], key: RandomKey(4))) != nil else {
          continue
        }
        let (first, second) = (model.layers[0], model.layers[1])
        guard let together = first.fused(with: second, inputs: [[batch, time]]) else { continue }
        fused.insert(test.expression)
        let ids = Tensor((0..<batch * time).map { Float($0 * 5 % 3) }, shape: [batch, time])
        let (rows, got) = (first.forward([ids], Pass()), together.forward([ids], Pass()))
        let expected = second.forward(rows.outputs, Pass())
        #expect(largestDifference(got.outputs[0], expected.outputs[0]) < 1e-5, "\(test)")
        let dy = Tensor(RandomKey(5).normal(got.outputs[0].count), shape: got.outputs[0].shape)
        let back = expected.backward([dy])
        let gradients = rows.backward(back.inputs).weights + back.weights
        let fusedGradients = got.backward([dy]).weights
        try #require(fusedGradients.count == gradients.count)
        for ((got, expected), weight) in zip(zip(fusedGradients, gradients), model.weights) {
          let shape = weight.value.shape
          #expect(
            largestDifference(got.dense(shape: shape), expected.dense(shape: shape)) < 1e-4, "\(test) \(weight.name)")
        }
      }
    }
    #expect(fused.contains("Mean") && fused.contains { $0.hasPrefix("GRU") }, "\(fused)")
  }

  @Test func aLayerOfOnesOwnIsFused() throws {
    let model = try model(Embedding(10, 3), Last(), Dense(2))
    let dy = Tensor(RandomKey(2).normal(6), shape: [3, 2])
    let together = model.forward([ids], Pass(.train))
    let gradients = together.backward([dy]).weights
    // Apart, the table's gradient has a row for every id.
    #expect(rows(gradients[0]) == [1, 6, 6])
    let embedding = model.layers[0].forward([ids], Pass(.train))
    let last = model.layers[1].forward(embedding.outputs, Pass(.train))
    let dense = model.layers[2].forward(last.outputs, Pass(.train))
    #expect(together.outputs == dense.outputs)
    let expected = embedding.backward(last.backward(dense.backward([dy]).inputs).inputs).weights[0]
    #expect(rows(expected)?.count == 12)
    #expect(gradients[0].dense(shape: [10, 3]) == expected.dense(shape: [10, 3]))
  }

  @Test func layersInACombinatorOfOnesOwnAreFused() throws {
    let model = try model(Ensemble(layers: [Serial([Embedding(10, 3), Last()]), Serial([Embedding(10, 3), Mean()])]))
    let gradients = model.forward([ids], Pass(.train)).backward([Tensor(repeating: 1, shape: [3, 3])]).weights
    #expect(gradients.map(rows) == [[1, 6, 6], [0, 1, 2, 3, 4, 5, 6, 7, 9]])
  }

  @Test func formsForInferenceReachWhatIsInside() throws {
    let layers = Serial([Embedding(10, 6), GRU(5), Gain(), Last(), Dense(3)])
    let model = try model(Ensemble(layers: [layers, layers]), LogSoftmax())
    var rounded = model
    rounded.visitWeights { name, weight in
      let isKept = name.hasSuffix("table") || name.hasSuffix("ias")
      if !isKept { weight = weight.map { Float(Float16($0)) } }
    }
    let half = try model.specialized(for: Inference(.half)).forward([ids], Pass()).outputs[0]
    #expect(largestDifference(half, rounded.forward([ids], Pass()).outputs[0]) < 1e-6)
    #expect(largestDifference(half, model.forward([ids], Pass()).outputs[0]) > 1e-6)
    // Embedding and GRU have become one, since the table is small.
    let single = try model.specialized(for: Inference())
    #expect(single.sublayers[0].sublayers.map(\.sublayers.count) == [4, 4])
    #expect(largestDifference(single.forward([ids], Pass()).outputs[0], model.forward([ids], Pass()).outputs[0]) < 1e-6)
  }

  @Test(arguments: ["0.Ensemble.1.Serial.2.Gain.factor", "0.Ensemble.0.Serial.4.Dense.kernel"])
  func whatHasNoHalfPrecisionIsNamed(_ tensor: String) throws {
    let layers = Serial([Embedding(10, 6), GRU(5), Gain(), Last(), Dense(3)])
    var model = try model(Ensemble(layers: [layers, layers]))
    model.visitWeights { name, weight in if name == tensor { weight = weight.map { _ in 70_000 } } }
    let error = #expect(throws: LayerError.self) { _ = try model.specialized(for: Inference(.half)) }
    #expect(error?.description.contains("\"\(tensor)\" has no half precision") ?? false, "\(error?.description ?? "")")
  }

  @Test func tablesInACombinatorOfOnesOwnAreUpdatedRowByRow() throws {
    let model = try model(
      Ensemble(layers: [Serial([Embedding(10, 3), Last(), Dense(3)]), Serial([Embedding(10, 3), Mean()])]), Dense(2),
      LogSoftmax())
    #expect(model.lookupTables == [0, 3])
    // An embedding behind another layer looks up what that one makes of the ids.
    #expect(Serial([ShiftRight(), Embedding(10, 3)]).lookupTables == [])
    #expect(Serial([Ensemble(layers: [Serial([Relu(), Embedding(10, 3)])])]).lookupTables == [])
    let adam = Adam(0.01)
    var deferred = Trainer(model, optimizer: adam)
    var whole = Trainer(model, optimizer: DeferredAdamTests.WholeAdam(adam: adam))
    #expect(deferred.slots.map(\.count) == [3, 2, 2, 3, 2, 2])
    #expect(whole.slots.map(\.count) == [2, 2, 2, 2, 2, 2])
    for step in 0..<60 {
      let ids = ids.map { Float((Int($0) * (step + 1)) % 10) }
      let batch = Batch(inputs: ids, targets: Tensor([0, 1, 0]), weights: Tensor(repeating: 1, shape: [3]))
      let (a, b) = (deferred.train(on: batch).loss, whole.train(on: batch).loss)
      #expect(abs(a - b) < 1e-5, "step \(step)")
    }
    for (a, b) in zip(deferred.model.weights, whole.model.weights) {
      #expect(largestDifference(a.value, b.value) < 1e-5, "\(a.name)")
    }
  }
}
