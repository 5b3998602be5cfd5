import Foundation
import JSONLines
import Models
import Neural
import Random
import Testing
import Text

/// A classifier with weights of about the size of trained ones, drawn from a seed.
func drawnClassifier(
  _ expression: String, seed: UInt64, ids: Int, vocabulary: [String]? = nil, tokenizer: String? = nil
) throws -> Classifier {
  var layers = try LayerExpression(vocabularySize: ids).model(expression)
  _ = try layers.initialize([1, 1], key: RandomKey(seed))
  var key = RandomKey(seed)
  layers.visitWeights { _, weight in
    key = key.fold(in: 1)
    weight = Tensor(key.normal(weight.count), shape: weight.shape)
  }
  return try Classifier(Model(layers: layers, vocabulary: vocabulary, tokenizer: tokenizer), file: "m")
}

/// Texts of 1 to 40 ids.
func drawnTexts(_ count: Int, ids: Int, seed: UInt64) -> [[Int]] {
  let lengths = RandomKey(seed).uniform(count, 1, 41)
  return lengths.enumerated().map { index, length in
    RandomKey(seed).fold(in: UInt32(index)).uniform(Int(length), 0, Float(ids)).map { min(Int($0), ids - 1) }
  }
}

@Suite struct ExplanationTests {
  func explain(_ classifier: Classifier, _ ids: [Int]) throws -> Explanation {
    try classifier.explanation(of: Prediction(classifier(ids)), ids: ids, names: ids.map(classifier.name))
  }

  /// For a thousand texts, every kind of mean classifier: the contributions and the bias are the difference of the log
  /// probabilities that the model gives.
  @Test(arguments: [
    "Embedding(16) Mean Dense(2) LogSoftmax", "Embedding(3) Mean Dropout(0.5) Dense(5) LogSoftmax",
    "Embedding(8) Mean Dense(3, bias: false) LogSoftmax", "Embedding(1) Mean Dense(40) LogSoftmax",
    "Embedding(4) Mean Dense(1) LogSoftmax",
  ])
  func contributionsToAMeanAddUpToTheLogOdds(_ expression: String) throws {
    let classifier = try drawnClassifier(expression, seed: 1, ids: 60)
    var largest = 0.0
    for ids in drawnTexts(1000, ids: 60, seed: 2) {
      let explanation = try explain(classifier, ids)
      #expect(explanation.method == .mean && explanation.contributions.count == Set(ids).count)
      let logProbabilities = try classifier(ids).map(Double.init)
      let best = logProbabilities.indices.max { logProbabilities[$0] < logProbabilities[$1] }!
      let others = logProbabilities.indices.filter { $0 != best }.map { logProbabilities[$0] }
      let logOdds = others.isEmpty ? 0 : logProbabilities[best] - others.reduce(0, +) / Double(others.count)
      let sum = explanation.contributions.reduce(try #require(explanation.bias)) { $0 + $1.nats }
      largest = max(largest, abs(sum - logOdds), abs(explanation.logOdds - logOdds))
      let listed = (explanation.mostFor(2) + explanation.mostAgainst(2)).reduce(0) { $0 + $1.nats }
      #expect(abs(listed + explanation.sumOfOthers(2) + explanation.bias! - sum) < 1e-9)
    }
    #expect(largest < 1e-5)
  }

  /// Two classes and three rows, by hand.
  @Test func theShareOfARowIsItsProductWithTheKernel() throws {
    var layers = try LayerExpression().model("Embedding(6, 2) Mean Dense(2) LogSoftmax")
    _ = try layers.initialize([1, 1], key: RandomKey(0))
    layers.visitWeights { name, weight in
      let values: [Float] =
        name.hasSuffix("table")
        ? [0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 2, -1] : name.hasSuffix("kernel") ? [0, 1, 0, 3] : [0.25, 1]
      weight = Tensor(values, shape: weight.shape)
    }
    let vocabulary = Vocabulary.specialTokens + ["a", "b", "c"]
    let classifier = try Classifier(Model(layers: layers, vocabulary: vocabulary), file: "m")
    // Row 3 adds 1, row 4 adds 3, row 5 adds 2 - 3 to class 1 against class 0; of four ids each has a fourth.
    let explanation = try explain(classifier, [5, 3, 4, 5])
    #expect(explanation.contributions.map(\.name) == [.text("c"), .text("a"), .text("b")])
    #expect(explanation.contributions.map(\.nats) == [-0.5, 0.25, 0.75])
    #expect(explanation.bias == 0.75 && abs(explanation.logOdds - 1.25) < 1e-6)
    #expect(explanation.mostFor(1).map(\.nats) == [0.75] && explanation.mostFor(9).map(\.nats) == [0.75, 0.25])
    #expect(explanation.mostAgainst(9).map(\.name) == [.text("c")] && explanation.sumOfOthers(1) == 0.25)
    var line: [UInt8] = []
    line.appendObject { $0.add("explanation", explanation, most: 1) }
    #expect(
      String(decoding: line, as: UTF8.self).replacing(/"log_odds":1.2[0-9]*/, with: "\"log_odds\":1.25")
        == #"{"explanation":{"log_odds":1.25,"bias":0.75,"for":[["b",0.75]],"against":[["c",-0.5]],"others":0.25,"#
        + #""method":"mean"}}"#)
    // A text without ids is one of padding, whose row counts like any other.
    let empty = try classifier.explanation(of: Prediction(classifier([])), ids: [], names: [])
    #expect(empty.contributions.map(\.name) == [.text("__PAD__")] && abs(empty.logOdds - 0.75) < 1e-6)
  }

  /// For models that are no mean, and for one whose classes are too many for a table: what each token adds is the
  /// prediction less that of the text without the token, both made anew.
  @Test(arguments: [
    "Embedding(5) GRU(4) Mean Dense(2) LogSoftmax", "Embedding(4) Mean Dense(6) Relu Dense(3) LogSoftmax",
    "Branch(Embedding(4) PaddingMask) MaskedMean Dense(2) LogSoftmax",
  ])
  func leaveOneOutIsThePredictionWithoutTheToken(_ expression: String) throws {
    let classifier = try drawnClassifier(expression, seed: 5, ids: 12)
    for ids in drawnTexts(50, ids: 12, seed: 6) {
      let explanation = try explain(classifier, ids)
      #expect(explanation.method == .leaveOneOut && explanation.bias == nil)
      let whole = try classifier(ids)
      let best = Prediction(whole).best
      func logOdds(_ logProbabilities: [Float]) -> Double {
        let others = logProbabilities.indices.filter { $0 != best }.map { Double(logProbabilities[$0]) }
        return Double(logProbabilities[best]) - others.reduce(0, +) / Double(others.count)
      }
      var seen: [Int] = []
      for id in ids where !seen.contains(id) { seen.append(id) }
      #expect(explanation.contributions.map(\.name) == seen.map(IDName.number))
      for (id, contribution) in zip(seen, explanation.contributions) {
        let without = try classifier(ids.filter { $0 != id })
        #expect(abs(contribution.nats - (logOdds(whole) - logOdds(without))) < 1e-9)
      }
    }
    let empty = try classifier.explanation(of: Prediction(classifier([])), ids: [], names: [])
    #expect(empty.contributions.isEmpty)
  }

  @Test func equalsComeInTheOrderOfTheText() throws {
    let classifier = try drawnClassifier("Embedding(2) Mean Dense(2) LogSoftmax", seed: 3, ids: 9)
    let names: [IDName] = [.text("b"), .text("a"), .text("c"), .text("b")]
    // One id under several names: equal contributions, one a name.
    let explanation = try classifier.explanation(
      of: Prediction(classifier([4, 4, 4, 4])), ids: [4, 4, 4, 4], names: names)
    #expect(explanation.contributions.map(\.name) == [.text("b"), .text("a"), .text("c")])
    #expect(explanation.contributions[0].nats == 2 * explanation.contributions[1].nats)
    let listed = explanation.mostFor(9) + explanation.mostAgainst(9)
    #expect(listed.map(\.name) == explanation.contributions.map(\.name))
  }

  @Test func idsAreCalledWhatPeopleCallThem() throws {
    let layers = "Embedding(2) Mean Dense(2) LogSoftmax"
    let words = try drawnClassifier(layers, seed: 3, ids: 5, vocabulary: Vocabulary.specialTokens + ["a", "b"])
    #expect(words.name(of: 4) == .text("b") && words.name(of: 1) == .text("__</e>__"))
    let bytes = try drawnClassifier(layers, seed: 3, ids: 256, tokenizer: "--characters")
    #expect(
      bytes.name(of: 65) == .text("A") && bytes.name(of: 0) == .text("__PAD__") && bytes.name(of: 200) == .number(200))
    let numbers = try drawnClassifier(layers, seed: 3, ids: 256)
    #expect(numbers.name(of: 65) == .number(65) && "\(numbers.name(of: 65)) \(words.name(of: 3))" == "65 a")
  }
}
