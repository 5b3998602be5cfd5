import Neural
import Random
import TestSupport
import Testing

/// Lanes of a batch, on one rank or shared by several.
@Suite struct LaneTests {
  /// A training run of a model on batches that are cut into lanes.
  struct Run: Sendable, CustomTestStringConvertible {
    var layers: String
    var optimizer = "Adam(0.01)"
    var clip: Float?
    var isSequence = true
    var fixedID: Int?
    var tableRate = 1.0
    var batches: [Int] = [8, 8, 8, 8, 8, 5, 1]
    var continues = false
    var testDescription: String { "\(layers) \(optimizer)" }

    /// Batches of these numbers of rows. The first row of each is padding; the last one counts half, and of sequences the
    /// last step not at all.
    func batch(_ step: Int) -> Batch {
      let (rows, time) = (batches[step], 6)
      let numbers = RandomKey(UInt64(step)).uniform(rows * time)
      let ids = Tensor(numbers.enumerated().map { $0 < time ? 0 : Float(Int($1 * 9)) }, shape: [rows, time])
      guard isSequence else {
        return Batch(
          inputs: ids, targets: Tensor((0..<rows).map { numbers[$0 * time] < 0.5 ? 1 : 0 }),
          weights: Tensor((0..<rows).map { $0 == rows - 1 ? 0.5 : 1 }))
      }
      return Batch(
        inputs: ids, targets: ids,
        weights: Tensor((0..<rows * time).map { $0 % time == time - 1 ? 0 : 1 }, shape: [rows, time]),
        continues: continues && step > 0 && batches[step - 1] == rows)
    }

    /// What a rank has in the end: losses, counts, weights, slots and state.
    func result(_ lanes: Lanes) throws -> [[Float]] {
      var model = try LayerExpression(vocabularySize: 9).model(layers)
      _ = try model.initialize([1, 1], key: RandomKey(1))
      var trainer = Trainer(
        model, optimizer: try OptimizerExpression.optimizer(optimizer), clipNorm: clip, fixedID: fixedID,
        tableRate: tableRate, lanes: lanes, key: RandomKey(2))
      var result: [[Float]] = []
      for step in batches.indices {
        let (loss, counts) = trainer.train(on: batch(step))
        result.append([loss] + counts.map { Float($0) })
      }
      result += trainer.model.weights.map(\.value.values) + trainer.slots.joined().map(\.values)
      return result + trainer.model.state.map(\.value.values)
    }

    /// The same of every one of several ranks.
    func results(lanes: Int, ranks: Int) throws -> [[[Float]]] {
      try LocalRanks.run(ranks) { try result(Lanes(lanes, $0)) }
    }
  }

  static let runs = [
    Run(layers: "Embedding(8) Mean Dropout(0.3) Dense(2) LogSoftmax", clip: 0.1, isSequence: false, fixedID: 0),
    Run(layers: "Embedding(8) Mean Dense(2) LogSoftmax", optimizer: "Momentum(0.1)", isSequence: false, tableRate: 0),
    Run(layers: "Embedding(8) Mean BatchNorm Dense(4) Relu BatchNorm Dense(2) LogSoftmax", isSequence: false),
    Run(layers: "EmbeddingSum(8) Dense(2) LogSoftmax", isSequence: false),
    Run(layers: "TfIdf(2) LogSoftmax", optimizer: "SGD(1.0)", isSequence: false),
    Run(
      layers: "ShiftRight Embedding(8) GRU(8) Dropout(0.2) GRU(8) Dense(9) LogSoftmax", optimizer: "Adafactor()",
      clip: 0.5, continues: true),
    Run(
      layers: "ShiftRight Embedding(8) LSTM(8) Residual[Dense(16) Relu Dense(8)] Dense(9) LogSoftmax", continues: true),
    Run(layers: "Embedding(8) Bidirectional[LSTM(4)] Dense(9) LogSoftmax", optimizer: "SM3(0.1)"),
  ]

  @Test(arguments: runs) func anyNumberOfRanksGivesTheSameBits(_ run: Run) throws {
    for lanes in [4, 8] {
      let alone = try #require(run.results(lanes: lanes, ranks: 1).first)
      for ranks in [2, 4] {
        for result in try run.results(lanes: lanes, ranks: ranks) {
          #expect(result.map { $0.map(\.bitPattern) } == alone.map { $0.map(\.bitPattern) }, "\(ranks) of \(lanes)")
        }
      }
    }
  }

  /// But for the rounding of sums, where no layer draws random numbers or takes means over a batch.
  @Test(arguments: runs.filter { run in !["Dropout", "BatchNorm", "TfIdf"].contains { run.layers.contains($0) } })
  func lanesAreTheBatch(_ run: Run) throws {
    let whole = try run.result(Lanes())
    for lanes in [2, 4] {
      let cut = try run.result(Lanes(lanes))
      try #require(cut.map(\.count) == whole.map(\.count))
      for (a, b) in zip(whole.joined(), cut.joined()) { #expect(abs(a - b) <= 1e-4 * max(1, abs(a))) }
    }
  }

  @Test func countsAreThoseOfTheBatch() throws {
    let run = try #require(Self.runs.first { $0.layers.hasPrefix("TfIdf") })
    #expect(try run.result(Lanes(4)).suffix(2) == run.result(Lanes()).suffix(2))
  }

  @Test func oneLaneIsTheBatch() throws {
    for run in Self.runs {
      #expect(try run.result(Lanes(1)) == run.result(Lanes()))
      #expect(try run.result(Lanes(2)) != run.result(Lanes()))
    }
  }

  /// Each lane draws its own numbers: rows that are equal do not drop the same.
  @Test func lanesDropDifferently() throws {
    var model = try LayerExpression().model("Embedding(9, 64) Mean Dropout(0.5) Dense(2) LogSoftmax")
    _ = try model.initialize([1, 1], key: RandomKey(1))
    func loss(_ rows: Int, _ lanes: Int) -> Float {
      var trainer = Trainer(model, optimizer: Adam(), lanes: Lanes(lanes))
      return trainer.train(
        on: Batch(
          inputs: Tensor(repeating: 3, shape: [rows, 2]), targets: Tensor(repeating: 1, shape: [rows]),
          weights: Tensor(repeating: 1, shape: [rows]))
      ).loss
    }
    #expect(loss(2, 2) != loss(1, 1))
  }

  @Test func sumsOfSumsOfNeighboursAreTheSum() {
    let numbers = RandomKey(5).uniform(8 * 3)
    func sum(_ numbers: [Float], _ lists: Int) -> [Float] {
      var numbers = numbers
      let count = numbers.count / lists
      numbers.withUnsafeMutableBufferPointer { sumPairwise($0.baseAddress!, lists: lists, count: count) }
      return Array(numbers[..<count])
    }
    let halves = [0, 1].flatMap { sum(Array(numbers[$0 * 12..<($0 + 1) * 12]), 4) }
    #expect(sum(halves, 2) == sum(numbers, 8))
    let byHand: [Float] = (0..<3).map { column in
      func list(_ index: Int) -> Float { numbers[index * 3 + column] }
      let first = (list(0) + list(1)) + (list(2) + list(3))
      return first + ((list(4) + list(5)) + (list(6) + list(7)))
    }
    #expect(sum(numbers, 8) == byHand)
  }
}
