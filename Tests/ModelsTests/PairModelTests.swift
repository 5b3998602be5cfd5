import Files
import Models
import Neural
import Random
import TestSupport
import Testing

@Suite struct PairModelTests {
  func model(_ expression: String) throws -> Model {
    var layers = try LayerExpression().model(expression)
    _ = try layers.initialize([[1, 1], [1, 1]], key: RandomKey(3))
    return Model(layers: layers)
  }

  static let vectors = "Siamese[Embedding(9, 4) LSTM(3) Mean Normalize]"
  static let labelled = "Siamese[Branch[Embedding(9, 4) PaddingMask] MaskedMean Normalize] DotProduct Logistic"

  @Test func whatItGives() throws {
    let vectors = try PairModel(model(Self.vectors), file: "m")
    #expect(vectors.signature.kind == .pairVectors && vectors.threshold == 0.7 && vectors.depth == 3)
    let (a, b) = (try vectors.vector(of: [1, 2, 3]), try vectors.vector(of: [4]))
    #expect(abs(a.reduce(0) { $0 + $1 * $1 } - 1) < 1e-6)
    let score = try vectors([1, 2, 3], [4])
    #expect(score.similarity == PairModel.similarity(a, b) && score.score == score.similarity)
    #expect(score.logProbabilities == nil)
    #expect(try vectors([5, 6], [5, 6]).similarity == 1)

    let model = try model(Self.labelled)
    let labelled = try PairModel(model, file: "m")
    #expect(labelled.signature.kind == .pairClassifier && labelled.threshold == 0.5)
    let y = model.layers.forward([Tensor([[1, 2, 3]]), Tensor([[4]])], Pass()).outputs[0].values
    #expect(try labelled([1, 2, 3], [4]).logProbabilities == y)
    // An empty text has a vector of zeros here, whose cosine is 0.
    #expect(try labelled([], [4]).similarity == 0)
    #expect(try labelled.vector(of: []) == [0, 0, 0, 0])
    #expect(score.isDuplicate(threshold: Double(score.score)))
  }

  @Test func aFileKeepsFieldsAndThreshold() throws {
    var model = try model(Self.vectors)
    (model.pair, model.threshold, model.labels) = (["a", "b"], 0.25, ["different", "same"])
    try inTemporaryFolder { folder in
      try model.write(to: "\(folder)/m.safetensors")
      let back = try PairModel(Model(contentsOf: "\(folder)/m.safetensors"), file: "m")
      #expect(back.fields == ["a", "b"] && back.threshold == 0.25 && back.labels == ["different", "same"])
    }
  }

  /// A similarity is from -1 on, a probability from 0.
  @Test(
    arguments: [
      (vectors, -1, nil), (vectors, 7, "m: its threshold 7.0 is not from -1 to 1"),
      (vectors, .nan, "m: its threshold is no number"),
      (labelled, 1, nil), (labelled, -0.5, "m: its threshold -0.5 is not from 0 to 1"),
    ] as [(String, Double, String?)])
  func aThresholdOfAFileIsChecked(_ layers: String, _ threshold: Double, _ problem: String?) throws {
    var model = try model(layers)
    model.threshold = threshold
    try inTemporaryFolder { folder in
      let file = "\(folder)/m"
      try model.write(to: file)
      let message = performing { _ = try Model(contentsOf: file) }
      #expect(message?.replacing("\(folder)/", with: "") == problem)
    }
  }

  @Test(arguments: [
    "Parallel[Embedding(9, 4) Embedding(9, 4)]", "Siamese[Embedding(9, 4)]", "Siamese[Embedding(9, 4) Mean] DotProduct",
    "Siamese[Embedding(9, 4) Mean] Concatenate Dense(3) LogSoftmax", "Siamese[Dense(3)]",
  ])
  func otherLayersAreNoModelsOfPairs(_ expression: String) throws {
    #expect(throws: LayerError.self) { try ModelSignature(LayerExpression().model(expression)) }
  }

  /// The nearest are those of the plain way: every similarity, sorted; also with equals and many queries.
  @Test(arguments: [1, 3, 50, 5000])
  func theNearestAreThoseOfThePlainWay(_ most: Int) throws {
    let count = 4500
    let depth = 8
    var rows = (0..<count).map { row in RandomKey(UInt64(row % 4000)).normal(depth) }
    rows = rows.map { row in
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / length }
    }
    let texts = NearestTexts(rows.flatMap { $0 }, depth: depth)
    let queries = [rows[3], rows[4100], rows[17].map { -$0 }]
    for (query, found) in zip(queries, texts.nearest(most, to: queries)) {
      let all = rows.indices.map { (index: $0, similarity: PairModel.similarity(query, rows[$0])) }
      let expected = all.sorted { ($1.similarity, $0.index) < ($0.similarity, $1.index) }.prefix(most)
      #expect(found.map(\.index) == expected.map(\.index) && found.map(\.similarity) == expected.map(\.similarity))
      #expect(texts.nearest(most, to: [query])[0] == found)
    }
    #expect(NearestTexts([], depth: 2).nearest(3, to: [[1, 0]]) == [[]])
  }
}
