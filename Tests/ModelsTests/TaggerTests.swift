import Batches
import Glibc
import Models
import Neural
import Random
import TestSupport
import Testing
import Text

@Suite struct TaggerTests {
  static let names = ["O", "B-x", "I-x", "B-y", "I-y"]

  /// A tagger of drawn weights.
  func tagger(
    _ expression: String, names: [String]? = names, tokenizer: String? = nil, vocabulary: [String]? = nil,
    bias: Double? = nil
  ) throws -> Tagger {
    var layers = try LayerExpression(vocabularySize: 9).model(expression)
    _ = try layers.initialize(ModelSignature(layers).smallestInputs, key: RandomKey(3))
    var key = RandomKey(3)
    layers.visitWeights { _, weight in
      key = key.fold(in: 1)
      weight = Tensor(key.normal(weight.count), shape: weight.shape)
    }
    return try Tagger(
      Model(layers: layers, vocabulary: vocabulary, labels: names, tokenizer: tokenizer),
      entityBias: bias, file: "m")
  }

  static let models = [
    "Embedding(9, 4) LSTM(3) Dense(5) LogSoftmax", "Embedding(9, 4) Bidirectional[GRU(3)] Dense(5) LogSoftmax",
    "Embedding(9, 4) LSTM(3) Dense(5) CRF",
    "Branch[Embedding(9, 4) PaddingMask] MaskedBidirectional[LSTM(3)] Dense(5) MaskedCRF",
  ]

  @Test(arguments: models)
  func noSequenceBreaksTheScheme(_ expression: String) throws {
    let tagger = try tagger(expression)
    for (index, ids) in drawnTexts(30, ids: 9, seed: 4).enumerated() {
      let prediction = try tagger(ids.map { [$0] })
      #expect(prediction.tags.count == ids.count)
      let tags = prediction.tags.map { Self.names[$0] }
      for (at, tag) in tags.enumerated() where tag.hasPrefix("I-") {
        #expect(at > 0 && tags[at - 1] != "O" && tags[at - 1].suffix(1) == tag.suffix(1), "text \(index): \(tags)")
      }
      #expect(prediction.entities.map(\.span) == EntitySpan.all(of: tags.map { Batches.Tag($0) }))
      #expect(prediction.entities.allSatisfy { 0...1 ~= $0.probability && $0.probability > 0 })
      let sums = prediction.logProbabilities.map { $0.reduce(0) { $0 + exp(Double($1)) } }
      #expect(sums.count == ids.count && sums.allSatisfy { abs($0 - 1) < 1e-4 })
    }
    let none = try tagger([])
    #expect(none.tags.isEmpty && none.entities.isEmpty && none.logProbabilities.isEmpty)
  }

  @Test(arguments: models)
  func whatIsLessProbableThanTheThresholdIsOutside(_ expression: String) throws {
    let tagger = try tagger(expression)
    for ids in drawnTexts(20, ids: 9, seed: 5) {
      let (all, some) = (try tagger(ids.map { [$0] }), try tagger(ids.map { [$0] }, threshold: 0.5))
      #expect(some.entities == all.entities.filter { $0.probability >= 0.5 })
      #expect(some.entities.map(\.span) == EntitySpan.all(of: some.tags.map { Batches.Tag(Self.names[$0]) }))
      #expect(try tagger(ids.map { [$0] }, threshold: 1.1).tags.allSatisfy { $0 == 0 })
    }
  }

  /// Several ids a token: fewer are filled up with padding, which says nothing.
  @Test func aTokenMayHaveSeveralIDs() throws {
    let tagger = try tagger(
      "Branch[EmbeddingSum(9, 4, power: 0.5) PaddingMask] MaskedBidirectional[LSTM(3)] Dense(5) MaskedCRF")
    #expect(tagger.signature.takesSteps)
    let steps = [[3, 5, 8], [4], [2, 7]]
    let prediction = try tagger(steps)
    #expect(prediction.tags.count == 3)
    let filled = try tagger(steps.map { $0 + [0, 0] })
    #expect(filled.tags == prediction.tags && filled.logProbabilities == prediction.logProbabilities)
    #expect(try tagger([[3, 5], [4], [2, 7]]).logProbabilities != prediction.logProbabilities)
    #expect(try !self.tagger(Self.models[3]).signature.takesSteps)
  }

  /// With a bias the tags are those whose log probabilities with it, for every tag but O, are the highest among those that
  /// break no rule: by all sequences.
  @Test(arguments: models)
  func aBiasFindsMoreEntities(_ expression: String) throws {
    var found: [Int] = []
    for bias in [-2.0, 0, 1.5] {
      let (tagger, plain) = (try tagger(expression, bias: bias), try tagger(expression, bias: 0))
      var count = 0
      for ids in drawnTexts(20, ids: 9, seed: 7).map({ Array($0.prefix(4)) }) where !ids.isEmpty {
        let tags = try tagger(ids.map { [$0] }).tags
        count += tags.count { $0 != 0 }
        #expect(try tagger(ids.map { [$0] }).entities.allSatisfy { 0...1 ~= $0.probability })
        if expression == Self.models[0] {
          let rows = try plain(ids.map { [$0] }).logProbabilities
          func score(_ tags: [Int]) -> Double {
            zip(rows, tags).reduce(0) { $0 + Double($1.0[$1.1]) + ($1.1 == 0 ? 0 : bias) }
          }
          func keepsRules(_ tags: [Int]) -> Bool {
            tags.indices.allSatisfy { at in
              ![2, 4].contains(tags[at]) || at > 0 && [tags[at], tags[at] - 1].contains(tags[at - 1])
            }
          }
          var all: [[Int]] = [[]]
          for _ in ids { all = all.flatMap { tags in (0..<5).map { tags + [$0] } } }
          let best = all.filter(keepsRules).map(score).max()!
          #expect(keepsRules(tags) && abs(score(tags) - best) < 1e-4)
        }
      }
      found.append(count)
    }
    #expect(found[0] < found[1] && found[1] < found[2])
    #expect(
      performing { try tagger(expression, names: ["a", "b", "c", "d", "e"], bias: 1) }?.contains("bias") ?? false)
  }

  /// Parts of speech: the best tag of each token, and no entities.
  @Test func otherTagsAreDecodedFreely() throws {
    let tagger = try tagger(Self.models[0], names: ["NOUN", "VERB", "ADJ", "PREP", "B-x"])
    for ids in drawnTexts(10, ids: 9, seed: 6) {
      let prediction = try tagger(ids.map { [$0] })
      #expect(prediction.entities.isEmpty)
      #expect(prediction.tags == prediction.logProbabilities.map { row in row.firstIndex(of: row.max()!)! })
    }
  }

  @Test func whatTagsNothingIsRefused() throws {
    #expect(performing { try tagger("Embedding(9, 4) Mean Dense(5) LogSoftmax") } == "m: the model gives no tags")
    #expect(performing { try tagger(Self.models[0], names: nil) } == "m: the model's tags have no names")
    #expect(
      performing { try tagger(Self.models[0], tokenizer: "--append-end --no-stem") }
        == "m: its tokenizer: a tagger takes one id for every token, and no --append-end")
    for (option, isRefused) in [
      ("--no-stem", false), ("--ngrams 2", true), ("--characters", true), ("--max-length 3", true),
    ] {
      let options = try TokenizerOptions(option)
      #expect((performing { try Tagger.check(options) } != nil) == isRefused, "\(option)")
    }
  }
}
