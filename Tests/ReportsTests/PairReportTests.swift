import Reports
import Testing

@Suite struct PairReportTests {
  func report(_ pairs: [(Float, Bool)], threshold: Double = 0.5) -> PairReport {
    var report = PairReport(labels: nil, threshold: threshold)
    for (score, isDuplicate) in pairs { report.add(score: score, isDuplicate: isDuplicate) }
    return report
  }

  let pairs: [(Float, Bool)] = [(0.9, true), (0.8, false), (0.5, true), (0.2, true), (-0.1, false), (-0.4, false)]

  @Test func figuresByHand() throws {
    let report = report(pairs)
    #expect(report.figures.accuracy == 4.0 / 6 && report.figures.precision == 2.0 / 3)
    #expect(report.figures.recall == 2.0 / 3 && report.figures.f1 == 2.0 / 3)
    // From 0.2 on: three of three, and one other.
    let best = try #require(report.best)
    #expect(abs(best.threshold - Double(Float(0.2))) < 1e-12 && best.f1 == 6.0 / 7)
    #expect(report.text.hasPrefix("accuracy 0.6667 (4 of 6), F1 of duplicates 0.6667\n"))
    #expect(report.text.contains("ROC AUC 0.7778"))
    #expect(
      report.html.contains("ROC")
        && String(decoding: report.json, as: UTF8.self).contains("\"best\":{\"threshold\":0.2"))
  }

  @Test func partsAddUp() {
    var sum = report(Array(pairs[..<2]))
    sum.add(report(Array(pairs[2...])))
    #expect(sum.json == report(pairs).json && sum.text == report(pairs).text && sum.html == report(pairs).html)
    #expect(report([]).isEmpty)
  }

  @Test func oneClassOnly() {
    let negatives = report([(0.1, false), (0.9, false)])
    #expect(negatives.best == nil && negatives.figures.f1 == 0 && negatives.figures.recall == nil)
    #expect(negatives.text.contains("ROC AUC -"))
    #expect(report([(0.9, true)]).figures.f1 == 1)
  }
}
