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

  /// The logarithm of the ratio of the probabilities that a class is there and that it is not.
  private func logit(_ logProbability: Float) -> Double {
    let p = exp(Double(logProbability))
    return log(p / (1 - p))
  }

  /// Of a mean with several labels a record, for a thousand texts and every class: contributions and bias are the log
  /// odds of the class, as precisely as floats hold the larger of its summands.
  @Test(arguments: ["Embedding(16) Mean Dense(3) LogSigmoid", "Embedding(4) Mean Dense(1, bias: false) LogSigmoid"])
  func contributionsToEachLabelAddUpToItsLogOdds(_ expression: String) throws {
    let classifier = try drawnClassifier(expression, seed: 1, ids: 60)
    #expect(classifier.givesSeveralLabels)
    let classes = Array(0..<classifier.signature.classes)
    var largest = 0.0
    for ids in drawnTexts(1000, ids: 60, seed: 2) {
      let y = try classifier(ids)
      let explanations = try classifier.explanations(of: classes, y, ids: ids, names: ids.map(classifier.name))
      #expect(explanations.count == classes.count)
      for (label, explanation) in zip(classes, explanations) {
        #expect(explanation.method == .mean && explanation.contributions.count == Set(ids).count)
        let expected = logit(y[label])
        let sum = explanation.contributions.reduce(try #require(explanation.bias)) { $0 + $1.nats }
        let scale = 1 + explanation.contributions.reduce(abs(explanation.bias!)) { $0 + abs($1.nats) }
        largest = max(largest, abs(sum - expected) / scale, abs(explanation.logOdds - expected) / scale)
      }
    }
    #expect(largest < 1e-5)
  }

  /// Of any other model: each class's log odds less those without the token, predicted anew.
  @Test func leaveOneOutOfEachLabelIsThePredictionWithoutTheToken() throws {
    let classifier = try drawnClassifier("Embedding(5) GRU(4) Mean Dense(3) LogSigmoid", seed: 5, ids: 12)
    for ids in drawnTexts(30, ids: 12, seed: 6) {
      let y = try classifier(ids)
      let explanations = try classifier.explanations(of: [2, 0], y, ids: ids, names: ids.map(classifier.name))
      for (label, explanation) in zip([2, 0], explanations) {
        #expect(explanation.method == .leaveOneOut && explanation.bias == nil)
        #expect(abs(explanation.logOdds - logit(y[label])) < 1e-9)
        for contribution in explanation.contributions {
          let without = try classifier(ids.filter { .number($0) != contribution.name })
          #expect(abs(contribution.nats - (logit(y[label]) - logit(without[label]))) < 1e-9)
        }
      }
    }
    #expect(try classifier.explanations(of: [], classifier([3]), ids: [3], names: [.number(3)]).isEmpty)
  }

  /// A logit of 200 has a probability that floats can't tell from 1: the shares still add up, and nothing is infinite.
  @Test func probabilitiesOfOneHaveFiniteLogOdds() throws {
    for (expression, expected) in [
      ("Embedding(5, 1) Mean Dense(1) LogSigmoid", 199.99...200.01),
      ("Embedding(5, 1) Mean Relu Dense(1) LogSigmoid", 80...103.3),
    ] {
      var layers = try LayerExpression().model(expression)
      _ = try layers.initialize([1, 1], key: RandomKey(0))
      layers.visitWeights { name, weight in
        weight = weight.map { _ in name.hasSuffix("bias") ? 0 : name.hasSuffix("kernel") ? 20 : 10 }
      }
      let classifier = try Classifier(Model(layers: layers), file: "m")
      let explanation = try classifier.explanations(
        of: [0], classifier([3, 4]), ids: [3, 4], names: [3, 4].map(classifier.name))[0]
      #expect(expected ~= explanation.logOdds, "\(expression): \(explanation.logOdds)")
      #expect(explanation.contributions.allSatisfy { $0.nats.isFinite })
    }
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
