import Foundation
import Models
import Neural
import Random
import Testing

/// Beginning with what another model has learned.
@Suite struct WarmStartTests {
  func layers(_ expression: String, seed: UInt64) throws -> Serial {
    var layers = try LayerExpression().model(expression)
    _ = try layers.initialize([1, 1], key: RandomKey(seed))
    return layers
  }

  func weight(_ name: String, _ layers: Serial) -> Tensor { layers.weights.first { $0.name == name }!.value }

  func row(_ tensor: Tensor, _ row: Int) -> [Float] {
    Array(tensor.values[row * tensor.depth..<(row + 1) * tensor.depth])
  }

  func column(_ tensor: Tensor, _ column: Int) -> [Float] {
    (0..<tensor.rows).map { tensor.value(row: $0, column: column)! }
  }

  func withFile(_ model: Model, _ body: (String) throws -> Void) throws {
    try DamagedFileTests.withFile(DamagedFileTests.bytes(model.write), body)
  }

  /// Rows went by their ids, so that a model whose vocabulary has another order began with everybody else's vectors.
  @Test func rowsGoByTheirTokensAndColumnsByTheirLabels() throws {
    let first = try layers("Embedding(5, 3) Mean Dense(3) LogSoftmax", seed: 1)
    let model = Model(layers: first, vocabulary: ["p", "q", "a", "b", "é"], labels: ["x", "y", "z"])
    try withFile(model) { file in
      var second = try layers("Embedding(6, 3) Mean Dense(2) LogSoftmax", seed: 2)
      let before = second
      // The last token looks like é, but has other bytes.
      let warm = WarmStart(vocabulary: ["b", "new", "a", "p", "q", "e\u{301}"], labels: ["other", "x"])
      let result = try warm.load(from: file, into: &second)
      #expect(result.weights == 3 && result.tokens == 4 && result.labels == 1 && !result.isByID)
      let (old, new) = (weight("0.Embedding.table", first), weight("0.Embedding.table", second))
      for (here, there) in [(0, 3), (2, 2), (3, 0), (4, 1)] { #expect(row(new, here) == row(old, there)) }
      for own in [1, 5] { #expect(row(new, own) == row(weight("0.Embedding.table", before), own)) }
      for name in ["2.Dense.kernel", "2.Dense.bias"] {
        #expect(column(weight(name, second), 1) == column(weight(name, first), 0))
        #expect(column(weight(name, second), 0) == column(weight(name, before), 0))
      }
    }
  }

  /// In a language model the classes are the tokens.
  @Test func aLanguageModelsColumnsGoByTheirTokens() throws {
    let first = try layers("ShiftRight Embedding(4, 3) GRU(5) Dense(4) LogSoftmax", seed: 1)
    try withFile(Model(layers: first, vocabulary: ["p", "q", "r", "a"])) { file in
      var second = try layers("ShiftRight Embedding(5, 3) GRU(5) Dense(5) LogSoftmax", seed: 2)
      let result = try WarmStart(vocabulary: ["p", "a", "n", "q", "r"]).load(from: file, into: &second)
      #expect(result.weights == first.weights.count && result.tokens == 4 && result.labels == nil)
      for (here, there) in [(0, 0), (1, 3), (3, 1), (4, 2)] {
        #expect(row(weight("1.Embedding.table", second), here) == row(weight("1.Embedding.table", first), there))
        for name in ["3.Dense.kernel", "3.Dense.bias"] {
          #expect(column(weight(name, second), here) == column(weight(name, first), there))
        }
      }
      #expect(weight("2.GRU.gates", second) == weight("2.GRU.gates", first))
    }
  }

  /// Hashed n-grams have no tokens, but stand behind them in the same order.
  @Test func rowsOfHashedNGramsFollow() throws {
    let first = try layers("Embedding(7, 2) Mean Dense(2) LogSoftmax", seed: 1)
    try withFile(Model(layers: first, vocabulary: ["p", "q", "a"])) { file in
      var second = try layers("Embedding(6, 2) Mean Dense(2) LogSoftmax", seed: 2)
      _ = try WarmStart(vocabulary: ["a", "p"]).load(from: file, into: &second)
      let (old, new) = (weight("0.Embedding.table", first), weight("0.Embedding.table", second))
      for (here, there) in [(0, 2), (1, 0), (2, 3), (3, 4), (4, 5), (5, 6)] {
        #expect(row(new, here) == row(old, there))
      }
    }
  }

  /// Without names on both sides tensors go as they are, and it is said that rows went by their ids.
  @Test func withoutNamesTheShapesMustBeEqual() throws {
    let first = try layers("Embedding(3, 2) Mean Dense(2) LogSoftmax", seed: 1)
    try withFile(Model(layers: first)) { file in
      var second = try layers("Embedding(3, 2) Mean Dense(2) LogSoftmax", seed: 2)
      let result = try WarmStart(vocabulary: ["p", "q", "a"], labels: ["x", "y"]).load(from: file, into: &second)
      #expect(second.weights.map(\.value) == first.weights.map(\.value))
      #expect(result.tokens == nil && result.labels == nil && result.isByID)
      var third = try layers("Embedding(4, 2) Mean Dense(2) LogSoftmax", seed: 2)
      #expect(throws: (any Error).self) { try WarmStart().load(from: file, into: &third) }
    }
  }

  @Test func vocabulariesOrLabelsWithNothingInCommonAreRefused() throws {
    let first = try layers("Embedding(2, 2) Mean Dense(2) LogSoftmax", seed: 1)
    try withFile(Model(layers: first, vocabulary: ["p", "q"], labels: ["x", "y"])) { file in
      for warm in [WarmStart(vocabulary: ["a", "b"]), WarmStart(labels: ["a", "b"])] {
        var second = first
        let error = #expect(throws: (any Error).self) { try warm.load(from: file, into: &second) }
        #expect("\(error!)".contains("have no entry in common (--allow-partial "))
      }
    }
  }

  /// The mean and the variance of BatchNorm are learned, though they are no weights.
  @Test func whatLayersCarryIsTaken() throws {
    var first = try layers("Embedding(3, 2) Mean BatchNorm Dense(2) LogSoftmax", seed: 1)
    first.setState(first.forward([Tensor([[1, 2], [2, 0]])], Pass(.train)).state)
    try withFile(Model(layers: first)) { file in
      var second = try layers("Embedding(3, 2) Mean BatchNorm Dense(2) LogSoftmax", seed: 2)
      let result = try WarmStart().load(from: file, into: &second)
      #expect(second.state.map(\.value) == first.state.map(\.value) && result.state == first.state.count)
    }
  }

  /// A new label's column of the kernel and its bias are what a new model has, and the others what was learned.
  @Test func labelsMayCome() throws {
    let first = try layers("Embedding(3, 2) Mean BatchNorm Dense(4) Dense(2) LogSoftmax", seed: 1)
    try withFile(Model(layers: first, labels: ["x", "y"])) { file in
      var second = try layers("Embedding(3, 2) Mean BatchNorm Dense(4) Dense(3) LogSoftmax", seed: 2)
      let before = second
      let result = try WarmStart(labels: ["y", "new", "x"]).load(from: file, into: &second)
      #expect(result.weights == first.weights.count && result.labels == 2 && result.refused.isEmpty)
      for name in ["4.Dense.kernel", "4.Dense.bias"] {
        let (old, new) = (weight(name, first), weight(name, second))
        #expect(column(new, 0) == column(old, 1) && column(new, 2) == column(old, 0))
        #expect(column(new, 1) == column(weight(name, before), 1))
      }
      for name in ["0.Embedding.table", "2.BatchNorm.scale", "3.Dense.kernel"] {
        #expect(second.weights.first { $0.name == name }?.value == first.weights.first { $0.name == name }?.value)
      }
      // Without names nobody knows which column is which.
      var third = before
      let error = #expect(throws: (any Error).self) { try WarmStart().load(from: file, into: &third) }
      #expect("\(error!)".contains("\"4.Dense.kernel\" has the shape [4, 2], but here it is [4, 3]"))
    }
  }

  /// Special tokens are in all vocabularies, and say nothing of whether two have anything in common.
  @Test func specialTokensAreNothingInCommon() throws {
    let special = ["__PAD__", "__</e>__", "__UNK__"]
    let first = try layers("Embedding(4, 2) Mean Dense(2) LogSoftmax", seed: 1)
    try withFile(Model(layers: first, vocabulary: special + ["good"])) { file in
      var second = try layers("Embedding(4, 2) Mean Dense(2) LogSoftmax", seed: 2)
      let warm = WarmStart(vocabulary: special + ["bad"])
      #expect(throws: (any Error).self) { try warm.load(from: file, into: &second) }
      let result = try WarmStart(vocabulary: special + ["good"]).load(from: file, into: &second)
      #expect(result.tokens == 4)
    }
  }

  @Test func aPartMayBeEnough() throws {
    let first = try layers("Embedding(3, 2) Mean Dense(4) Dense(2) LogSoftmax", seed: 1)
    try withFile(Model(layers: first, vocabulary: ["p", "q", "a"], labels: ["x", "y"])) { file in
      // Another depth: the table and the first kernel are new, and the rest is taken.
      var second = try layers("Embedding(3, 5) Mean Dense(4) Dense(2) LogSoftmax", seed: 2)
      let before = second
      let warm = WarmStart(vocabulary: ["p", "q", "a"], labels: ["x", "y"], allowsPartial: true)
      let result = try warm.load(from: file, into: &second)
      #expect(
        result.refused == [
          "\"0.Embedding.table\" has the shape [3, 2], but here it is [3, 5]",
          "\"2.Dense.kernel\" has the shape [2, 4], but here it is [5, 4]",
        ])
      #expect(result.weights == 3 && result.tokens == nil && result.labels == 2)
      for name in ["0.Embedding.table", "2.Dense.kernel"] { #expect(weight(name, second) == weight(name, before)) }
      for name in ["2.Dense.bias", "3.Dense.kernel", "3.Dense.bias"] {
        #expect(weight(name, second) == weight(name, first))
      }

      // Nothing in common, and no weight of that name.
      var third = before
      let none = try WarmStart(vocabulary: ["b"], labels: ["z", "w"], allowsPartial: true).load(
        from: file, into: &third)
      #expect(none.refused.prefix(2).allSatisfy { $0.hasSuffix("have no entry in common") } && none.tokens == nil)
      var fourth = try layers("Embedding(3, 2) Mean LogSoftmax", seed: 2)
      let other = fourth
      try withFile(Model(layers: try layers("ShiftRight Embedding(2, 2) LogSoftmax", seed: 1))) { file in
        let nothing = try WarmStart(allowsPartial: true).load(from: file, into: &fourth)
        #expect(nothing.weights == 0 && nothing.refused.count == 1)
        #expect(fourth.weights.map(\.value) == other.weights.map(\.value))
      }
    }
  }

  @Test func weightsThatAreNotFiniteAreNotTaken() throws {
    var first = try layers("Embedding(3, 2) Mean Dense(2) LogSoftmax", seed: 1)
    first.visitWeights { if $0 == "2.Dense.bias" { $1.withMutableValues { $0[1] = .nan } } }
    try withFile(Model(layers: first)) { file in
      var second = first
      let error = #expect(throws: (any Error).self) { try WarmStart().load(from: file, into: &second) }
      #expect("\(error!)".hasSuffix("the tensor \"2.Dense.bias\" holds a number that is not finite"))
    }
  }

  @Test(arguments: [
    ("2 3\na 1 2 3\nb 1 2 3\n", "line 1 says that 2 vectors have 3 numbers, but the embedding's depth is 2"),
    ("a 1 2 3\nb 1 2 3\n", "line 1 has 3 numbers, but the embedding's depth is 2"),
    ("a 1\n", "line 1 has 1 numbers"), ("c 1 2\nd 3 4\n", "none of its words is in the vocabulary"),
    ("", "none of its words is in the vocabulary"), ("a 1 nan\n", "line 1 holds something else than finite numbers"),
    ("a 1 1e39\n", "line 1 holds something else"),
  ])
  func wordVectorsThatDoNotFitAreRefused(_ text: String, _ reason: String) throws {
    try DamagedFileTests.withFile(Array(text.utf8)) { file in
      var model = try layers("Embedding(4, 2) Mean Dense(2) LogSoftmax", seed: 1)
      let error = #expect(throws: (any Error).self) {
        try model.loadWordVectors(from: file, vocabulary: ["p", "q", "a", "b"])
      }
      #expect("\(error!)".contains(reason), "\(error!)")
    }
  }

  /// A line that is short later on is damage, and no other depth.
  @Test(arguments: [("a 1 2 3\n", true), ("2 3\na 1 2 3\n", true), ("c 1 2\n", true), ("a 1 2\nb 1\n", false)])
  func wordVectorsMayBePassedOver(_ text: String, _ isPartial: Bool) throws {
    try DamagedFileTests.withFile(Array(text.utf8)) { file in
      var model = try layers("Embedding(4, 2) Mean Dense(2) LogSoftmax", seed: 1)
      let before = model.weights.map(\.value)
      let vocabulary = ["p", "q", "a", "b"]
      guard isPartial else {
        #expect(throws: (any Error).self) {
          try model.loadWordVectors(from: file, vocabulary: vocabulary, allowsPartial: true)
        }
        return
      }
      let (found, _, refused) = try model.loadWordVectors(from: file, vocabulary: vocabulary, allowsPartial: true)
      #expect(found == 0 && refused != nil && model.weights.map(\.value) == before)
    }
  }

  /// Words with spaces, and a table that does not stand first.
  @Test func wordVectorsReachTheTableOfIds() throws {
    try DamagedFileTests.withFile(Array("a 1 2\n. . 5 6\nnew york 3 4\n".utf8)) { file in
      var model = try layers("Branch(Embedding(3, 2) PaddingMask) MaskedMean Dense(2) LogSoftmax", seed: 1)
      #expect(try model.loadWordVectors(from: file, vocabulary: ["new york", "q", "a"]).found == 2)
      let table = weight("0.Branch.0.Embedding.table", model)
      #expect(row(table, 0) == [3, 4] && row(table, 2) == [1, 2])
      model.clearIDTable(2...)
      #expect(row(weight("0.Branch.0.Embedding.table", model), 2) == [0, 0])
    }
  }
}
