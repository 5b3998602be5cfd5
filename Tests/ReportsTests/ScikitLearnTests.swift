import Files
import Foundation
import JSONLines
import Reports
import Testing

/// 200 random reports with scikit-learn's figures (`Tests/References/reports.py`): of two classes, of several, and of
/// several labels a record, with ties, absent classes, and one record. All are within 1e-9: only sums are rounded
/// in another order.
@Suite struct ScikitLearnTests {
  static let lines: [String] = {
    let file = Bundle.module.url(forResource: "Golden/reports", withExtension: "jsonl")!
    return try! String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
  }()

  @Test func figuresAreScikitLearns() throws {
    var kinds = [0, 0]
    for (index, line) in Self.lines.enumerated() {
      let document = try JSONDocument(line)
      let golden = document.root
      let several = golden["labels"]?.items?.first?.items != nil
      kinds[several ? 1 : 0] += 1
      let report = try several ? Self.multiLabelReport(golden) : Self.report(golden)
      for (name, value) in report {
        let wanted = try #require(golden[name], "\(name)")
        let differences: [Double]
        switch value {
        case .one(let number): differences = [Self.difference(number, wanted)]
        case .list(let numbers):
          #expect(wanted.items?.count == numbers.count)
          differences = zip(numbers, try #require(wanted.items)).map { Self.difference($0, $1) }
        }
        #expect(differences.allSatisfy { $0 < 1e-9 }, "line \(index + 1), \(name): \(value), not \(line)")
      }
    }
    #expect(kinds == [134, 66])
  }

  enum Figure {
    case one(Double?)
    case list([Double?])
  }

  /// How far a figure is from the one wanted; that are both undefined is no difference.
  static func difference(_ figure: Double?, _ wanted: JSON) -> Double {
    guard let figure, let number = wanted.number else { return figure == nil && wanted.kind == "null" ? 0 : .infinity }
    return abs(figure - number)
  }

  /// A report's figures by the names in the golden file.
  private static func report(_ golden: JSON) throws -> [String: Figure] {
    let classes = try #require(golden["classes"]?.integer)
    var report = ClassificationReport(labels: nil, classes: classes)
    let rows = try #require(golden["probabilities"]?.items).map { $0.numbers! }
    for (label, probabilities) in zip(try #require(golden["labels"]?.integers), rows) {
      let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }!
      report.add(label: label, prediction: best, confidence: probabilities[best], probabilities: probabilities)
    }
    let json = try JSONDocument(String(decoding: report.json, as: UTF8.self))
    let curves = try #require(json.root["curves"]?.items)
    let averages = try #require(json.root["classes"]?.items).suffix(2).map { $0["f1"]?.number }
    return [
      "micro_f1": .one(json.root["accuracy"]?.number), "macro_f1": .one(averages[0]), "weighted_f1": .one(averages[1]),
      "log_loss": .one(json.root["log_loss"]?.number), "brier": .one(json.root["brier_score"]?.number),
      "auc": .list(curves.map { $0["roc_auc"]?.number }), "macro_auc": .one(json.root["roc_auc"]?.number),
      "average_precision": .list(curves.map { $0["average_precision"]?.number }),
      "macro_average_precision": .one(json.root["average_precision"]?.number),
    ]
  }

  private static func multiLabelReport(_ golden: JSON) throws -> [String: Figure] {
    let classes = try #require(golden["classes"]?.integer)
    var report = MultiLabelReport(labels: nil, classes: classes)
    let rows = try #require(golden["probabilities"]?.items).map { $0.numbers! }
    for (labels, probabilities) in zip(try #require(golden["labels"]?.items), rows) {
      report.add(
        labels: Set(labels.integers!), predictions: Set(probabilities.indices.filter { probabilities[$0] >= 0.5 }),
        probabilities: probabilities)
    }
    let curves = try #require(report.curves)
    var figures: [String: Figure] = [
      "f1": .list(report.classes.map(\.f1)), "log_loss": .one(report.logLoss), "auc": .list(curves.map(\.rocAUC)),
      "average_precision": .list(curves.map(\.averagePrecision)), "macro_auc": .one(report.rocAUC),
      "macro_average_precision": .one(report.averagePrecision),
    ]
    // scikit-learn takes one class for a list of labels.
    if classes > 1 {
      figures["micro_f1"] = .one(report.micro.f1)
      figures["macro_f1"] = .one(report.macro { $0.f1 })
      figures["samples_f1"] = .one(report.samplesF1)
      figures["weighted_f1"] = .one(report.macro({ $0.f1 }, bySupport: true))
    }
    return figures
  }
}
