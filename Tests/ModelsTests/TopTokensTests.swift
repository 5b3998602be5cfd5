import Foundation
import Models
import Neural
import Random
import Testing
import Text

@Suite struct TopTokensTests {
  /// For a mean and for a model that is none: what each word adds alone, by predictions of texts of one word.
  @Test(arguments: ["Embedding(6) Mean Dense(3) LogSoftmax", "Embedding(6) GRU(4) Mean Dense(3) LogSoftmax"])
  func wordsAreRankedByWhatTheyAddAlone(_ expression: String) throws {
    let words = (0..<40).map { "w\($0)" }
    let classifier = try drawnClassifier(
      expression, seed: 7, ids: 43, vocabulary: Vocabulary.specialTokens + words)
    let top = try TopTokens(classifier, count: 5)
    let isMean = !expression.contains("GRU")
    #expect(top.method == (isMean ? .mean : .leaveOneOut) && top.classes.count == 3)
    for label in 0..<3 {
      func logOdds(_ ids: [Int]) throws -> Double {
        let y = try classifier(ids).map(Double.init)
        return y[label] - (y.reduce(0, +) - y[label]) / 2
      }
      let none = isMean ? 0 : try logOdds([])
      let alone = try (3..<43).map { (name: words[$0 - 3], nats: try logOdds([$0]) - none) }
      let expected = alone.sorted { $0.nats > $1.nats }.prefix(5)
      #expect(top.classes[label].map(\.name) == expected.map { .text($0.name) })
      let shift = zip(top.classes[label], expected).map { $0.nats - $1.nats }
      // The bias of a class is in every prediction, and in no contribution.
      #expect(shift.max()! - shift.min()! < 1e-5 && (isMean || abs(shift[0]) < 1e-5))
      #expect(top.classes[label].allSatisfy { $0.nats > 0 })
    }
  }

  /// Where each class is there or not by itself, what a word adds to its logit.
  @Test(arguments: ["Embedding(6) Mean Dense(3) LogSigmoid", "Embedding(6) GRU(4) Mean Dense(3) LogSigmoid"])
  func wordsOfSeveralLabelsAreRankedByTheLogitsOfEach(_ expression: String) throws {
    let classifier = try drawnClassifier(expression, seed: 7, ids: 43)
    let top = try TopTokens(classifier, count: 5)
    let isMean = !expression.contains("GRU")
    #expect(top.method == (isMean ? .mean : .leaveOneOut) && top.classes.count == 3)
    for label in 0..<3 {
      func logit(_ ids: [Int]) throws -> Double {
        let p = exp(Double(try classifier(ids)[label]))
        return log(p / (1 - p))
      }
      let none = isMean ? 0 : try logit([])
      let expected = try (1..<43).map { (id: $0, nats: try logit([$0]) - none) }.sorted { $0.nats > $1.nats }.prefix(5)
      #expect(top.classes[label].map(\.name) == expected.map { .number($0.id) })
      let shift = zip(top.classes[label], expected).map { $0.nats - $1.nats }
      #expect(shift.max()! - shift.min()! < 1e-4 && (isMean || abs(shift[0]) < 1e-4))
    }
  }

  @Test func onlyWhatSpeaksForAClassIsListed() throws {
    let classifier = try drawnClassifier("Embedding(6) Mean Dense(2) LogSoftmax", seed: 7, ids: 30)
    let top = try TopTokens(classifier, count: 100)
    // Without a vocabulary all ids but padding are listed, each for one of two classes.
    let listed = top.classes.flatMap { $0.map(\.name) }
    #expect(listed.count == 29 && Set(listed) == Set((1..<30).map(IDName.number)))
    #expect(try TopTokens(classifier, count: 2).classes == top.classes.map { Array($0.prefix(2)) })
    let single = try drawnClassifier("Embedding(6) Mean Dense(1) LogSoftmax", seed: 7, ids: 30)
    #expect(try TopTokens(single, count: 3).classes == [[]])
  }

  @Test func specialTokensAndHashesAreNoWords() throws {
    let classifier = try drawnClassifier(
      "Embedding(6) Mean Dense(2) LogSoftmax", seed: 8, ids: 5 + 16, vocabulary: Vocabulary.specialTokens + ["a", "b"],
      tokenizer: "--ngrams 2 --hash-bits 4")
    let listed = try TopTokens(classifier, count: 100).classes.flatMap { $0.map(\.name) }
    #expect(Set(listed) == [.text("a"), .text("b")])
    let bytes = try drawnClassifier(
      "Embedding(6) Mean Dense(2) LogSoftmax", seed: 8, ids: 256, tokenizer: "--characters")
    #expect(try TopTokens(bytes, count: 300).classes.reduce(0) { $0 + $1.count } == 254)
  }

  @Test func numbersThatAreNotFiniteAreAnError() throws {
    var layers = try LayerExpression().model("Embedding(6, 2) Mean Dense(2) Relu Dense(2) LogSoftmax")
    _ = try layers.initialize([1, 1], key: RandomKey(0))
    layers.visitWeights { name, weight in weight = weight.map { _ in name.hasSuffix("kernel") ? 3e38 : 1 } }
    let classifier = try Classifier(Model(layers: layers), file: "m")
    #expect(throws: (any Error).self) { try TopTokens(classifier, count: 1) }
  }
}
