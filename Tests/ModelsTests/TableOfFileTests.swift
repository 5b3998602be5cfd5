import Models
import Neural
import Random
import Testing
import Text

/// The table of a model of other layers, or other hashed ids, as the beginning of a new one.
@Suite struct TableOfFileTests {
  func layers(_ expression: String, seed: UInt64) throws -> Serial {
    var layers = try LayerExpression().model(expression)
    _ = try layers.initialize(ModelSignature(layers).smallestInputs, key: RandomKey(seed))
    return layers
  }

  func rows(_ layers: Serial) -> [[Float]] {
    let table = layers.weights[0].value
    return (0..<table.rows).map { Array(table.values[$0 * table.depth..<($0 + 1) * table.depth]) }
  }

  /// What `into` begins with from a model of `from`, with the vocabularies and tokenizers of both.
  func load(
    _ from: String, _ tokens: [String], _ tokenizer: String?, into: String, _ here: [String], _ ngrams: HashedNGrams?
  ) throws -> (result: WarmStart.Result, old: [[Float]], before: [[Float]], new: [[Float]]) {
    let first = try layers(from, seed: 1)
    var second = try layers(into, seed: 2)
    let before = rows(second)
    var result: WarmStart.Result?
    try DamagedFileTests.withFile(
      DamagedFileTests.bytes(Model(layers: first, vocabulary: tokens, tokenizer: tokenizer).write)
    ) { file in
      result = try WarmStart(vocabulary: here, ngrams: ngrams).load(from: file, into: &second)
    }
    return (try #require(result), rows(first), before, rows(second))
  }

  let special = Vocabulary.specialTokens

  @Test func rowsOfAnotherLayerGoByTheirTokens() throws {
    let (result, old, before, new) = try load(
      "SkipGram(5, 2)", special + ["a", "b"], nil, into: "Embedding(6, 2) Mean Dense(2) LogSoftmax",
      special + ["b", "new", "a"], nil)
    #expect(result.weights == 1 && result.tokens == 5 && result.runs == nil)
    #expect(new[3] == old[4] && new[5] == old[3] && new[4] == before[4])
  }

  @Test func rowsOfTheSameRunsAreTakenAsTheyAre() throws {
    let runs = HashedNGrams(characters: 2...3, bits: 4)
    let (result, old, _, new) = try load(
      "SkipGram(21, 2, words: 5)", special + ["ab", "cd"], "--char-ngrams 2-3 --hash-bits 4",
      into: "Embedding(20, 2) Mean Dense(2) LogSoftmax", special + ["cd"], runs)
    #expect(result.tokens == 4 && result.runs == nil)
    #expect(new[3] == old[4] && Array(new[4...]) == Array(old[5...]))
  }

  @Test func aWordOfRunsIsTheirMeanWhereThereAreNone() throws {
    let runs = HashedNGrams(characters: 2...3, bits: 4)
    let (_, old, _, new) = try load(
      "SkipGram(21, 2, words: 5)", special + ["ab", "cd"], "--char-ngrams 2-3 --hash-bits 4",
      into: "Embedding(5, 2) Mean Dense(2) LogSoftmax", special + ["cd", "abc"], nil)
    func mean(_ word: String, _ own: Int?) -> [Float] {
      var (word, ids) = (word, own.map { [$0] } ?? [])
      word.withUTF8 { runs.append([$0], after: 5, to: &ids) }
      return (0..<2).map { column in ids.reduce(0) { $0 + old[$1][column] } / Float(ids.count) }
    }
    for (got, expected) in [(new[3], mean("cd", 4)), (new[4], mean("abc", nil))] {
      for (got, expected) in zip(got, expected) { #expect(abs(got - expected) < 1e-6) }
    }
    #expect(new[0] == old[0] && new[2] == old[2])
  }

  @Test func runsAreTheMeansOfTheWordsInWhichTheyOccur() throws {
    let runs = HashedNGrams(characters: 2...2, bits: 8)
    let (result, old, before, new) = try load(
      "SkipGram(5, 2)", special + ["ab", "xb"], nil, into: "Embedding(260, 2) Mean Dense(2) LogSoftmax",
      special + ["ab"], runs)
    func ids(_ word: String) -> [Int] {
      var (word, ids) = (word, [Int]())
      word.withUTF8 { runs.append([$0], after: 4, to: &ids) }
      return ids
    }
    let (first, second) = (ids("ab"), ids("xb"))  // <a ab b> and <x xb b>
    #expect(first[2] == second[2] && Set(first + second).count == 5)
    #expect(result.runs?.found == 5 && result.runs?.count == 256)
    #expect(new[3] == old[3] && new[first[0]] == old[3] && new[second[1]] == old[4])
    for column in 0..<2 { #expect(abs(new[first[2]][column] - (old[3][column] + old[4][column]) / 2) < 1e-6) }
    let others = Set(4..<260).subtracting(first + second)
    #expect(others.allSatisfy { new[$0] == before[$0] })
  }
}
