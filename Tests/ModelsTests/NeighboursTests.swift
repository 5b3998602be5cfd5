import Files
import Models
import Neural
import Random
import Testing
import Text

@Suite struct NeighboursTests {
  func model(_ rows: [[Float]], tokenizer: String? = nil, vocabulary: [String]?) throws -> Model {
    var layers = try LayerExpression().model("Embedding(\(rows.count), 2) Mean Dense(2) LogSoftmax")
    _ = try layers.initialize([1, 1], key: RandomKey(1))
    layers.visitWeights { name, weight in
      if name.hasSuffix("table") { weight = Tensor(rows.flatMap { $0 }, shape: [rows.count, 2]) }
    }
    return Model(layers: layers, vocabulary: vocabulary, tokenizer: tokenizer)
  }

  let words = Vocabulary.specialTokens + ["north", "south", "north-east", "west", "nowhere"]
  let rows: [[Float]] = [[0, 1], [0, 1], [0, 1], [0, 2], [0, -1], [3, 3], [-1, 0], [0, 0]]

  /// Special tokens and words without a direction are no neighbours.
  @Test func theNearestComeFirst() throws {
    let neighbours = try Neighbours(model(rows, vocabulary: words), file: "m")
    let nearest = try neighbours.nearest(to: "north", count: 9)
    #expect(nearest.map(\.token) == ["north-east", "west", "south"])
    #expect(abs(nearest[0].cosine - Float(0.5).squareRoot()) < 1e-6)
    #expect(nearest[1].cosine == 0 && nearest[2].cosine == -1)
    #expect(try neighbours.nearest(to: "west", count: 1).map(\.token) == ["north"])
    #expect(throws: FileError.self) { try neighbours.nearest(to: "nowhere", count: 1) }
    #expect(throws: FileError.self) { try neighbours.nearest(to: "up", count: 1) }
    #expect(throws: FileError.self) { try Neighbours(model(rows, vocabulary: nil), file: "m") }
  }

  /// A word is the mean of its row and those of its runs; one that the vocabulary does not have is that of its runs.
  @Test func wordsAreTheMeansOfTheirRuns() throws {
    let runs = HashedNGrams(characters: 3...3, bits: 6)
    var rows = self.rows + [[Float]](repeating: [0, 0], count: 64)
    var (word, ids) = ("west", [Int]())
    word.withUTF8 { runs.append([$0], after: words.count, to: &ids) }
    #expect(ids.count == 4)  // <we wes est st>
    for id in ids { rows[id] = [0, 4] }
    let neighbours = try Neighbours(
      model(rows, tokenizer: "--char-ngrams 3 --hash-bits 6", vocabulary: words), file: "m")
    let nearest = try neighbours.nearest(to: "west", count: 1)
    // (−1, 0) and four times (0, 4).
    #expect(nearest.map(\.token) == ["north"] && abs(nearest[0].cosine - 16 / Float(257).squareRoot()) < 1e-6)
    #expect(try neighbours.nearest(to: "wes", count: 1)[0].cosine > 0.99)
  }
}
