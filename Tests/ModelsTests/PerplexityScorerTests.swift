import Foundation
import JSONLines
import Models
import Neural
import Random
import Testing
import Text

@Suite struct PerplexityScorerTests {
  func scorer(carries: Bool = false) throws -> PerplexityScorer {
    var layers = try LayerExpression(vocabularySize: 256).model("ShiftRight Embedding(4) GRU(8) Dense(256) LogSoftmax")
    _ = try layers.initialize([1, 1], key: RandomKey(3))
    let options = try TokenizerOptions("--characters --append-end")
    return PerplexityScorer(
      model: try LanguageModel(Model(layers: layers), file: "m"),
      encoder: TextEncoder(.characters(CharacterEncoding(vocabulary: nil, options)), options), field: "text",
      hasVocabulary: false, carries: carries, keepsTokens: true)
  }

  /// The sums of a record, and its log probabilities as they are written.
  func score(_ line: String, _ scorer: inout PerplexityScorer) throws -> (sums: PerplexitySums, tokens: Data) {
    var text: [UInt8] = []
    let score = try Array(line.utf8).withUnsafeBufferPointer { try scorer.score(Record($0)) }
    score.tokenLogProbabilities.write(to: &text)
    return (score.sums, Data(text))
  }

  /// A text in several pieces has a number for each of its bytes and the end, which add up to the whole.
  @Test func everyByteAndTheEndHaveALogProbability() throws {
    var scorer = try scorer()
    for text in ["", "é", String(repeating: "the old tin roof ", count: 40)] {
      let (sums, tokens) = try score("{\"text\":\"\(text)\"}", &scorer)
      let numbers = try JSONDecoder().decode([Double].self, from: tokens)
      #expect(numbers.count == text.utf8.count + 1 && Double(numbers.count) == sums.tokens)
      #expect(abs(numbers.reduce(0, +) - sums.logProbability) < 1e-6 * sums.tokens)
    }
  }

  /// Ids, and a row of a batch, have the numbers of the text; what is filled up or has no weight has none.
  @Test func aBatchHasARowOfThemForEachOfItsRows() throws {
    var scorer = try scorer()
    let text = try score(#"{"text":"to be"}"#, &scorer).tokens
    #expect(try score(#"{"ids":[116,111,32,98,101,1]}"#, &scorer).tokens == text)
    let ids = "[[116,111,32,98,101,1],[111,1,0,0,0,0]]"
    let weights = "[[1,1,0,1,1,1],[1,1,0,0,0,0]]"
    let batch = try score(#"{"inputs":\#(ids),"targets":\#(ids),"weights":\#(weights)}"#, &scorer).tokens
    let rows = try JSONDecoder().decode([[Double?]].self, from: batch)
    #expect(
      rows.map { $0.map { $0 != nil } } == [
        [true, true, false, true, true, true], [true, true, false, false, false, false],
      ])
    for (number, other) in zip(rows[0], try JSONDecoder().decode([Double].self, from: text)) {
      if let number { #expect(abs(number - other) < 1e-5) }
    }
  }

  /// Texts side by side, with common beginnings, doubles, empty ones and long ones, have the sums of each alone.
  @Test func textsSideBySideHaveTheSumsOfEachAlone() throws {
    var scorer = try scorer()
    var texts: [[Int]] = [[], [97], [97, 98], [97, 98], [97, 98, 99], [98], [], [0, 98, 0]]
    for index in 0..<600 {
      let numbers = RandomKey(UInt64(index)).uniform(1 + index % 40 + index / 599 * 700, 97, 100)
      texts.append(numbers.map { Int($0) })
    }
    let together = scorer.scores(of: texts)
    #expect(together.count == texts.count)
    for (ids, score) in zip(texts, together) {
      let sums = try score.get().sums
      let alone = try self.score("{\"ids\":\(ids)}", &scorer).sums
      #expect(sums.tokens == alone.tokens && sums.unknown == alone.unknown)
      #expect(abs(sums.logProbability - alone.logProbability) < 1e-5 * max(1, alone.tokens), "\(ids)")
    }
  }
}
