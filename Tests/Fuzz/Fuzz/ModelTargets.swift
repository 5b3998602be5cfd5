import Models
import Neural
import Random

/// A file that is accepted as a model that programs can use can be used.
func fuzzModel(_ file: UnsafeBufferPointer<UInt8>) {
  let name = MemoryFile.name(of: file)
  guard let model = try? Model(contentsOf: name), let signature = try? model.signature(file: name) else { return }
  use(model.layers, signature)
  if !signature.isSequence { _ = MeanClassifier(model.layers)?([0, signature.ids - 1]) }
}

/// The first byte tells of what an expression is. Layers that are accepted are the same when they are read again as
/// they are written, and those of a model that programs can use can be used and trained.
func fuzzExpression(_ text: UnsafeBufferPointer<UInt8>) {
  guard let kind = text.first else { return }
  let expression = String(decoding: text.dropFirst(), as: UTF8.self)
  switch kind {
  case UInt8(ascii: "o"): _ = try? OptimizerExpression.optimizer(expression)
  case UInt8(ascii: "s"):
    guard let schedule = try? ScheduleExpression.schedule(expression) else { return }
    for step in [1, 2, 1000, 1_000_000] { _ = schedule(step) }
  default:
    guard var layers = try? LayerExpression(vocabularySize: 5).model(expression) else { return }
    let again = try? LayerExpression().model(layers.expression)
    expect(again?.expression == layers.expression, "the expression differs: \(layers.expression)")
    guard let signature = try? ModelSignature(layers), signature.weightCount < 100_000, signature.ids < 10_000 else {
      return
    }
    guard (try? layers.initialize(signature.smallestInputs, key: RandomKey(1))) != nil else {
      return expect(false, "a model that is accepted can't be initialized")
    }
    use(layers, signature)
    guard signature.idsAtOnce > 1000, signature.targetKind == .classes else { return }
    var trainer = Trainer(layers, optimizer: Adam(0.01))
    let inputs = tensors(signature)
    let targets = Tensor(repeating: 0, shape: signature.isSequence ? Array(inputs.last!.shape.prefix(2)) : [2])
    let batch = Batch(
      inputs: inputs[0], otherInputs: inputs.count > 1 ? inputs[1] : nil, targets: targets,
      weights: Tensor(repeating: 1, shape: targets.shape))
    for _ in 0..<2 { _ = trainer.train(on: batch) }
  }
}

/// Vectors of words for a table of ids.
func fuzzWordVectors(_ file: UnsafeBufferPointer<UInt8>) {
  var layers = try! LayerExpression().model("Embedding(5, 3) Mean Dense(2) LogSoftmax")
  _ = try! layers.initialize([1, 1], key: RandomKey(1))
  guard
    let loaded = try? layers.loadWordVectors(
      from: MemoryFile.name(of: file), vocabulary: ["__PAD__", "the", "a", "\u{e9}", "3"])
  else { return }
  expect(1...5 ~= loaded.found && loaded.refused == nil && layers.firstNonFiniteWeight == nil, "\(loaded.found) words")
}

/// Ids for every input that a model takes: of three steps, and of two on the other side of pairs.
private func tensors(_ signature: ModelSignature) -> [Tensor] {
  let last = Float(signature.ids - 1)
  func ids(_ shape: [Int], upTo last: Float) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor((0..<count).map { $0 % 2 == 0 ? 0 : last }, shape: shape)
  }
  switch signature.smallestInputs {
  case let inputs where inputs.count == 2:
    // The other words of word vectors come from a table of its own.
    return [ids([2, 3], upTo: last), ids([2, 2], upTo: signature.isOfPairs ? last : 0)]
  case let inputs where inputs[0].count == 3: return [ids([2, 3, 2], upTo: last)]
  default: return [ids([2, 3], upTo: last)]
  }
}

/// Lets ids of all kinds of shapes go through a model; what comes out has the shapes that its plan says.
private func use(_ layers: Serial, _ signature: ModelSignature) {
  let smallest = signature.smallestInputs.map { Tensor(repeating: 0, shape: $0) }
  for inputs in [smallest, tensors(signature)] where signature.idsAtOnce >= inputs[0].count {
    let outputs = layers.forward(inputs, Pass()).outputs.map(\.shape)
    expect(outputs == (try? layers.plan(inputs.map(\.shape)).outputs), "outputs of the shapes \(outputs)")
  }
}
