import Reports
import Testing

@Suite struct ScoreCountsTests {
  typealias Example = (score: Double, isPositive: Bool)

  /// Numbers from 0 to 1, and whether each is of the class, the same at every run.
  static func examples(_ count: Int, seed: UInt64 = 1) -> [Example] {
    var state = seed
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    return (0..<count).map { _ in (next(), next() < 0.3) }
  }

  static func counts(_ examples: [Example], limit: Int = 1 << 20) -> ScoreCounts {
    var counts = ScoreCounts(limit: limit)
    for example in examples { counts.add(example.score, isPositive: example.isPositive) }
    return counts
  }

  /// The definition: of all pairs of one example of the class and another, how often the first has the higher score.
  @Test func theAreaIsTheShareOfPairsInOrder() throws {
    let examples = Self.examples(200).map { (score: ($0.score * 20).rounded() / 20, isPositive: $0.isPositive) }
    var (inOrder, pairs) = (0.0, 0.0)
    for one in examples where one.isPositive {
      for other in examples where !other.isPositive {
        pairs += 1
        inOrder += one.score > other.score ? 1 : one.score == other.score ? 0.5 : 0
      }
    }
    #expect(pairs > 1000)
    #expect(abs(try #require(Self.counts(examples).summary.rocAUC) - inOrder / pairs) < 1e-12)
  }

  @Test func theThresholdIsTheLowestThatHasThePrecision() throws {
    let summary = Self.counts([(0.9, true), (0.8, false), (0.7, true), (0.6, true), (0.5, false), (0.4, true)]).summary
    let found = try #require(summary.threshold(forPrecision: 0.75))
    #expect(found.threshold == 0.6 && found.recall == 0.75)
    #expect(summary.threshold(forPrecision: 1)?.threshold == 0.9)
    #expect(Self.counts([(0.9, false), (0.8, true)]).summary.threshold(forPrecision: 0.6) == nil)
  }

  @Test func whatIsNotDefinedIsNil() {
    let (positives, negatives) = (Self.counts([(0.5, true)]).summary, Self.counts([(0.5, false)]).summary)
    #expect(positives.rocAUC == nil && positives.averagePrecision == 1 && positives.roc.isEmpty)
    #expect(negatives.rocAUC == nil && negatives.averagePrecision == nil && negatives.precisionOverRecall.isEmpty)
    #expect(ScoreCounts().summary.averagePrecision == nil && ScoreCounts().held.entries.isEmpty)
  }

  /// Any order, any parts and any limit give what all examples at once give.
  @Test(arguments: [1, 7, 1000, 1 << 20]) func theOrderChangesNothing(_ limit: Int) {
    let examples = Self.examples(70_000)
    let all = Self.counts(examples, limit: limit)
    let parts = stride(from: 0, to: examples.count, by: 9000).map {
      Self.counts(Array(examples[$0..<min($0 + 9000, examples.count)]), limit: limit)
    }
    var (there, back) = (ScoreCounts(limit: limit), ScoreCounts(limit: limit))
    for part in parts { there.add(part) }
    for part in parts.reversed() { back.add(part) }
    let reversed = Self.counts(examples.reversed(), limit: limit)
    for other in [there, back, reversed] {
      #expect(other.held == all.held)
    }
    #expect(all.held.entries.count <= limit && all.totals.positives + all.totals.negatives == examples.count)
    #expect((all.held.lostDigits > 0) == (limit < 70_000))
  }

  /// Scores that lost digits hardly change the figures.
  @Test func fewScoresAreEnough() throws {
    let examples = Self.examples(50_000).map {
      (score: $0.isPositive ? $0.score.squareRoot() : $0.score, $0.isPositive)
    }
    let (exact, cut) = (Self.counts(examples).summary, Self.counts(examples, limit: 2000).summary)
    #expect(exact.points.count > 49_000 && cut.points.count <= 2000)
    #expect(abs(try #require(exact.rocAUC) - #require(cut.rocAUC)) < 1e-3)
    #expect(abs(try #require(exact.averagePrecision) - #require(cut.averagePrecision)) < 1e-3)
  }

  @Test func curvesForPicturesAreShortAndEndWhereTheyEnd() {
    let summary = Self.counts(Self.examples(50_000)).summary
    #expect(summary.roc.count < 1100 && summary.roc.first! == (0, 0) && summary.roc.last! == (1, 1))
    #expect(summary.precisionOverRecall.count < 3000 && summary.precisionOverRecall.last!.x == 1)
  }
}
