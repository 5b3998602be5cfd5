import Batches
import Foundation
import JSONLines
import Reports
import TestSupport
import Testing

/// Predictions of several labels that records hold, and their report against scikit-learn's figures
/// (`Tests/References/several_labels.py`).
@Suite struct RecordedLabelsTests {
  let names: LabelNames

  init() throws { names = try LabelNames(["food", "weather", "travel"]) }

  func read(_ line: String) throws -> RecordedLabels {
    var line = line
    return try line.withUTF8 { try RecordedLabels(Record($0), names) }
  }

  @Test func predictionsOrProbabilitiesAreRead() throws {
    let both = try read(#"{"prediction":[0,"travel"],"probabilities":[0.3,0.75,1]}"#)
    #expect(both.predictions == [0, 2] && both.probabilities == [Double(Float(0.3)), 0.75, 1])
    #expect(try read(#"{"prediction":[]}"#).predictions.isEmpty)
    #expect(try read(#"{"probabilities":[0.5,0.49,1]}"#).predictions == [0, 2])
  }

  @Test(arguments: [
    (
      "{}",
      #"fields "prediction" and "probabilities" are missing: the record holds no prediction, so --model must be given"#
    ),
    (#"{"probabilities":[0.5]}"#, #"field "probabilities" holds 1 numbers, but there are 3 classes"#),
    (#"{"probabilities":[0.5,-1,0]}"#, #"field "probabilities" holds -1.0, which is not from 0 to 1"#),
    (#"{"probabilities":1}"#, #"field "probabilities" must be a list of numbers, not a number"#),
  ])
  func whatIsNoPredictionIsRefused(_ line: String, _ message: String) {
    #expect(performing { try read(line) } == message)
  }

  @Test(arguments: [#"{"prediction":["fear"]}"#, #"{"prediction":[3]}"#, #"{"prediction":null}"#])
  func unknownClassesAreRefused(_ line: String) { #expect(throws: RecordError.self) { try read(line) } }

  @Test func reportsAreScikitLearns() throws {
    let url = Bundle.module.bundleURL.appendingPathComponent("Golden/several-labels.jsonl")
    let all = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
    let (lines, last) = (all.dropLast(), try #require(all.last))
    let figures = try #require(try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any])
    var report = MultiLabelReport(labels: names.names, classes: 3)
    #expect(lines.count == 150)
    for line in lines {
      var line = line
      try line.withUTF8 { bytes in
        let record = try Record(bytes)
        let recorded = try RecordedLabels(record, names)
        report.add(
          labels: Set(try names.labels("labels", of: record)), predictions: recorded.predictions,
          probabilities: recorded.probabilities)
      }
    }
    func check(_ value: Double?, _ name: String) {
      #expect(abs((value ?? .nan) - ((figures[name] as? Double) ?? .infinity)) < 1e-9, "\(name)")
    }
    check(report.micro.f1, "micro_f1")
    check(report.macro { $0.f1 }, "macro_f1")
    check(report.samplesF1, "samples_f1")
    check(report.logLoss, "log_loss")
    check(Double(report.exactMatches) / Double(report.records), "subset_accuracy")
    let classes = try #require(figures["classes"] as? [[String: Double]])
    for (ours, theirs) in zip(report.classes, classes) {
      #expect(abs(ours.precision - theirs["precision"]!) < 1e-9 && abs(ours.recall - theirs["recall"]!) < 1e-9)
      #expect(abs(ours.f1 - theirs["f1"]!) < 1e-9)
    }
  }
}
