import Models
import Neural
import Random
import Synchronization
import Testing

/// What is known of a model before it has weights, and what is refused then.
@Suite struct ModelSignatureTests {
  @Test(arguments: [
    ("Embedding(9, 4) Mean Dense(2) LogSoftmax", false, 9, 2),
    ("OneHot(9) Mean Dense(3) LogSoftmax", false, 9, 3),
    ("Branch(Embedding(9, 4) PaddingMask) MaskedMean Dense(2) LogSoftmax", false, 9, 2),
    (
      "Embedding(9, 4) Residual(GRU(4) LSTM(4)) BatchNorm Mean Dense(2) Serial(LayerNorm LogSoftmax(axis: 1))", false,
      9, 2
    ),
    ("ShiftRight Embedding(9, 4) GRU(3) RNN(5) Dense(9) LogSoftmax", true, 9, 9),
  ])
  func whatAModelTakesAndGives(_ expression: String, _ isSequence: Bool, _ ids: Int, _ classes: Int) throws {
    let signature = try ModelSignature(LayerExpression().model(expression))
    #expect(signature.isSequence == isSequence && signature.ids == ids && signature.classes == classes)
    #expect(signature.idsAtOnce > 1 << 20)
  }

  @Test func severalLabelsAreTold() throws {
    let signature = try ModelSignature(LayerExpression().model("Embedding(9, 4) Mean Dense(3) LogSigmoid"))
    #expect(signature.kind == .multiLabelClassifier && signature.targetKind == .labels && !signature.isSequence)
    #expect(signature.classes == 3)
    let single = try ModelSignature(LayerExpression().model("Embedding(9, 4) Mean Dense(3) LogSoftmax"))
    #expect(single.kind == .classifier && single.targetKind == .classes)
  }

  @Test(arguments: [
    ("Embedding(9, 4) LSTM(3) Dense(5) LogSoftmax", 5, "takes 9 ids, but gives the probabilities of 5"),
    ("Embedding(9, 4) GRU(3) Dense(9) LogSoftmax", 9, "does not begin with ShiftRight"),
    ("Embedding(9, 4) Bidirectional[LSTM(3)] Dense(5) LogSoftmax", 5, "takes 9 ids"),
    ("Embedding(9, 4) LSTM(3) Dense(5) CRF", 5, "takes 9 ids"),
    ("Branch[Embedding(9, 4) PaddingMask] MaskedBidirectional[LSTM(3)] Dense(5) MaskedCRF", 5, "takes 9 ids"),
  ])
  func classesAtEveryStepAreTags(_ expression: String, _ classes: Int, _ why: String) throws {
    let signature = try ModelSignature(LayerExpression().model(expression))
    #expect(signature.kind == .tagger && signature.isSequence && signature.targetKind == .classes)
    #expect(signature.ids == 9 && signature.classes == classes && signature.whyNoLanguageModel.contains(why))
  }

  static let doubling = String(repeating: "Dup Concatenate ", count: 62)

  @Test(arguments: [
    // Outputs that are no log probabilities.
    ("Embedding(9, 4) Mean Dense(2)", "no log probabilities"),
    ("Embedding(9, 4) Mean Dense(2) Softmax", "no log probabilities"),
    ("Embedding(9, 4) Mean Dense(2) LogSoftmax Relu", "no log probabilities"),
    ("Embedding(9, 4) Mean Dense(2) LogSoftmax Serial()", "no log probabilities"),
    ("ShiftRight Embedding(9, 4) GRU(3) Dense(9) LogSoftmax(axis: 1)", "no log probabilities"),
    ("Embedding(9, 4) Mean Dense(2) LogSoftmax(axis: 0)", "no log probabilities"),
    ("Embedding(9, 4) Mean Dense(2) LogSigmoid Serial()", "no log probabilities"),
    ("ShiftRight Embedding(9, 4) GRU(3) Dense(9) LogSigmoid", "a language model ends in LogSoftmax"),
    ("Embedding(9, 4) Mean Softmax(axis: 0) Dense(2) LogSoftmax", "mixes"),
    // What trains, but can't be predicted with.
    ("ShiftRight Embedding(9, 4) GRU(3) Dense(5) LogSoftmax", "takes 9 ids, but gives the probabilities of 5"),
    ("ShiftRight Embedding(9, 4) GRU(3) Dense(5) CRF", "shift nothing"),
    ("ShiftRight(2) Embedding(9, 4) GRU(3) Dense(9) LogSoftmax", "by one step"),
    ("ShiftRight Embedding(9, 4) ShiftRight GRU(3) Dense(9) LogSoftmax", "shift nothing later"),
    ("Embedding(9, 4) ShiftRight GRU(3) Dense(9) LogSoftmax", "must begin with ShiftRight"),
    ("ShiftRight Embedding(9, 4) GRU(3) Softmax(axis: 1) Dense(9) LogSoftmax", "looks ahead"),
    ("Mean(axis: 1, keepdims: true) Dense(2) LogSoftmax", "no layer takes ids"),
    // Outputs that do not follow the batch, or the lengths of its rows.
    ("Embedding(9, 4) Mean(axis: 0) Dense(2) LogSoftmax", "do not follow the batch"),
    ("OneHot(5) Embedding(5, 2) Dense(256) Mean LogSoftmax", "do not follow the batch"),
    ("Embedding(9, 4) Mean(axis: 2) LogSoftmax", "do not follow the batch"),
    ("Embedding(9, 4) Mean(axis: 2) Dense(2) LogSoftmax", "depending on the batch"),
    ("Embedding(9, 4) Dup Concatenate(axis: 0) Mean Dense(2) LogSoftmax", "do not follow the batch"),
    ("Dup Concatenate(axis: 1) Embedding(9, 4) Dense(9) LogSoftmax", "do not follow the batch"),
    ("Embedding(9, 4) Dense(2) Dup LogSoftmax", "the loss needs"),
    ("Embedding(9, 4) Mean Dense(2) LogSoftmax Drop", "the loss needs"),
    ("Embedding(6, 2) Drop", "the loss needs"),
    ("Embedding(9, 4) Mean Mean LogSoftmax", "the loss needs"),
    ("Add", "Add_in2"),
    (
      "Embedding(9, 4) Dup Mean Swap Scan(Parallel(Serial(Dup Concatenate(axis: 0)) Relu)) Swap Drop Mean Dense(2) LogSoftmax",
      "the cell gives [2, 4] for a batch of 1"
    ),
    (
      "Embedding(9, 4) Dup Mean Swap Scan(Parallel(BatchNorm Relu)) Swap Drop Mean Dense(2) LogSoftmax",
      "state of its own"
    ),
    // Sizes that nobody has the memory for.
    ("Embedding(9, 4) GRU(1073741824) Mean Dense(2) LogSoftmax", "more than 2147483647 numbers"),
    ("Embedding(9, 4) LSTM(1073741824) Mean Dense(2) LogSoftmax", "more than 2147483647 numbers"),
    ("Embedding(9, 4) RNN(1073741824) Mean Dense(2) LogSoftmax", "more than 2147483647 numbers"),
    ("Embedding(16000000, 65536) Mean Dense(2) LogSoftmax", "more than 2147483647 numbers"),
    ("Embedding(15000000, 100) Mean Dense(7000000) LogSoftmax", "2207000000 weights, but at most"),
    ("Embedding(9, 4) Mean \(doubling)Dense(2) LogSoftmax", "more than 2147483647 numbers"),
    (
      "Embedding(2, 1) Mean \(String(repeating: "Dup Concatenate ", count: 24))BatchNorm Dense(2) LogSoftmax",
      "numbers of one id"
    ),
    ("OneHot(65536) OneHot(65536) Mean Mean Dense(2) LogSoftmax", "more than 2147483647 numbers"),
    ("OneHot(8192) OneHot(8192) Mean Mean Dense(2) LogSoftmax", "numbers of one id"),
  ])
  func otherModelsAreRefusedBeforeThereIsMemoryForThem(_ expression: String, _ reason: String) throws {
    let layers = try LayerExpression().model(expression)
    let error = #expect(throws: LayerError.self) { try ModelSignature(layers) }
    #expect(error?.description.contains(reason) ?? false, "\(error?.description ?? "")")
  }

  @Test func dataIsHeldAgainstTheModel() throws {
    let signature = try ModelSignature(LayerExpression().model("Embedding(9, 4) Mean Dense(2) LogSoftmax"))
    try signature.check(ids: [0, 8], of: "ids")
    try signature.check(class: 1, of: "label")
    try signature.check(count: signature.idsAtOnce)
    for ids in [[-1], [0, 9]] { #expect(throws: (any Error).self) { try signature.check(ids: ids, of: "ids") } }
    for label in [-1, 2] { #expect(throws: (any Error).self) { try signature.check(class: label, of: "label") } }
    #expect(throws: (any Error).self) { try signature.check(count: signature.idsAtOnce + 1) }
  }

  /// A layer that counts how often it is asked for its inputs and its name.
  struct Counting: UnaryLayer {
    final class Counter: Sendable {
      let inputs = Atomic(0), names = Atomic(0)
    }
    let counter: Counter

    var inputCount: Int {
      counter.inputs.add(1, ordering: .relaxed)
      return 1
    }
    var name: String {
      counter.names.add(1, ordering: .relaxed)
      return "Counting"
    }
    func outputShape(_ input: [Int]) throws(LayerError) -> [Int] { input }
    func forward(_ x: Tensor) -> Forward { Forward(output: x) { Gradients(input: $0) } }
  }

  /// Combinators inside each other ask what is inside once for each, not twice or more at every level.
  @Test(arguments: [0, 1, 2])
  func nestedCombinatorsAreNotAskedAgainAndAgain(_ kind: Int) throws {
    let counter = Counting.Counter()
    var layer: any Layer = Counting(counter: counter)
    let deep = 60
    for _ in 0..<deep { layer = [Serial([layer]), Branch([layer]), Parallel([layer])][kind] }
    _ = (layer.inputCount, layer.outputCount, layer.kind)
    _ = try layer.plan([[1, 1]])
    _ = try layer.outputShapes([[1, 1]])
    _ = layer.forward([Tensor([[1]])], Pass()).backward([Tensor([[1]])])
    #expect(counter.inputs.load(ordering: .relaxed) < 40)
    #expect(layer.name.hasSuffix(String(repeating: "]", count: deep)))
    #expect(counter.names.load(ordering: .relaxed) < 3 * deep)
  }

  /// Fifteen levels took 24 seconds, each level more three times as long; sixty would not end.
  @Test(arguments: ["Serial", "Branch", "Parallel"])
  func nestedExpressionsAreReadAndUsed(_ kind: String) throws {
    let deep = 60
    let inner = String(repeating: "\(kind)(", count: deep) + "Dense(4)" + String(repeating: ")", count: deep)
    var layers = try LayerExpression().model("Embedding(9, 4) Mean \(inner) Dense(2) LogSoftmax")
    #expect(try ModelSignature(layers).classes == 2)
    _ = try layers.initialize([1, 1], key: RandomKey(1))
    #expect(layers.weights.count == 5)
    #expect(try LayerExpression().model(layers.expression).expression == layers.expression)
    #expect(layers.forward(Tensor([[1, 2]])).output.shape == [1, 2])
  }

  /// Models that train come to the bytes of the models' files, so infinite weights must be found.
  @Test func theFirstWeightThatIsNotFiniteIsNamed() throws {
    var layers = try LayerExpression().model("Embedding(9, 4) Mean BatchNorm Dense(2) LogSoftmax")
    _ = try layers.initialize([1, 1], key: RandomKey(1))
    #expect(layers.firstNonFiniteWeight == nil)
    for (value, name) in [(Float.nan, "3.Dense.bias"), (-.infinity, "0.Embedding.table")] {
      layers.visitWeights { if $0 == name { $1.withMutableValues { $0[1] = value } } }
      #expect(layers.firstNonFiniteWeight == name)
    }
    var normal = try LayerExpression().model("BatchNorm")
    _ = try normal.initialize([1, 2], key: RandomKey(1))
    normal.visitState { if $0.hasSuffix("variance") { $2.withMutableValues { $0[0] = .infinity } } }
    #expect(normal.firstNonFiniteWeight == "0.BatchNorm.variance")
  }

  /// What a layer makes of numbers that are none is a row of the table, too.
  @Test func noInputLeadsOutOfATable() throws {
    var embedding = Embedding(3, 1)
    embedding.table = Tensor([[1], [2], [3]])
    let ids: [Float] = [.nan, -.nan, .infinity, -.infinity, 1e30, -1e30, 1.5, -0.0]
    #expect(embedding.forward(Tensor([ids])).output.values == [1, 1, 3, 1, 3, 1, 2, 1])
    let tensor = Tensor([[1, 2], [3, 4]])
    #expect(tensor.value(row: 1, column: 0) == 3)
    for (row, column) in [(2, 0), (0, 2), (-1, 0), (0, -1)] { #expect(tensor.value(row: row, column: column) == nil) }
  }
}
