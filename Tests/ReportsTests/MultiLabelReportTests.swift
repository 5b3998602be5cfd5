import JSONLines
import Neural
import Reports
import Testing

@Suite struct MultiLabelReportTests {
  static let records: [(labels: Set<Int>, predictions: Set<Int>, probabilities: [Double])] = [
    ([0, 1], [0], [0.9, 0.4, 0.1]), ([1], [1, 2], [0.2, 0.8, 0.6]), ([], [], [0.1, 0.1, 0.2]), ([0], [0], [0.7, 0, 0]),
  ]

  static func report(_ records: some Sequence<(labels: Set<Int>, predictions: Set<Int>, probabilities: [Double])>)
    -> MultiLabelReport
  {
    var report = MultiLabelReport(labels: ["news", "<sport>", "art"], classes: 3)
    for record in records {
      report.add(
        labels: record.labels, predictions: record.predictions, probabilities: record.probabilities,
        text: { "<text> of \(record.labels.sorted())" })
    }
    return report
  }

  @Test func countsAndAverages() {
    let report = Self.report(Self.records)
    #expect(report.classes.map(\.truePositives) == [2, 1, 0] && report.classes.map(\.falsePositives) == [0, 0, 1])
    #expect(report.classes.map(\.falseNegatives) == [0, 1, 0] && report.exactMatches == 2 && report.records == 4)
    #expect(report.micro.f1 == 0.75 && abs(report.macro { $0.f1 } - (1 + 2.0 / 3 + 0) / 3) < 1e-12)
    #expect(abs(report.samplesF1 - (2.0 / 3 + 2.0 / 3 + 0 + 1) / 4) < 1e-12)
    #expect(MultiLabelReport(labels: nil, classes: 2).isEmpty && !report.isEmpty)
    #expect(MultiLabelReport(labels: nil, classes: 2).samplesF1 == 0)
  }

  @Test func partsAddUpToTheWhole() throws {
    let whole = Self.report(Self.records)
    for order in [[0, 1, 2, 3], [3, 1, 0, 2]] {
      var sum = Self.report([])
      for index in order {
        let part = Self.report([Self.records[index]]).contents(as: .json)
        sum.add(try part.withUnsafeBufferPointer { try MultiLabelReport(json: $0) })
      }
      #expect(sum.json == whole.json && sum.text == whole.text && sum.html == whole.html)
    }
  }

  @Test func noProbabilitiesNoCurves() {
    var report = Self.report(Self.records)
    #expect(report.curves?.count == 3 && report.logLoss != nil)
    report.add(labels: [1], predictions: [1])
    #expect(report.curves == nil && report.logLoss == nil && !report.text.contains("log loss"))
  }

  @Test func allFormatsTellTheSame() throws {
    var report = Self.report(Self.records)
    report.precisionTarget = 0.5
    #expect(report.text.hasPrefix("F1 0.7500 micro, 0.5556 macro, 0.5833 samples; all right in 2 of 4 records\n"))
    #expect(report.html.contains("0.5833 samples") && report.html.contains("&lt;sport&gt;"))
    let document = try JSONDocument(String(decoding: report.json, as: UTF8.self))
    let json = document.root
    #expect(json["micro_f1"]?.number == 0.75 && json["classes"]?.items?.count == 6)
    #expect(json["curves"]?.items?[0]["precision_target"]?["threshold"]?.number == 0.1)
  }

  /// The most confident first: by the probability of what was said, whether a class was missed or wrongly given.
  @Test func worstErrors() throws {
    var report = Self.report(Self.records)
    report.add(labels: [2], predictions: [1], probabilities: [0, 0.6, 0.3], text: { "last" })
    report.add(labels: [2], predictions: [1])
    report.listsWorst = true
    #expect(
      report.worst.errors.map { [$0.label, $0.isMissed ? 1 : 0] } == [[2, 1], [1, 1], [1, 0], [2, 0]]
        && report.worst.errors.map(\.probability) == [0.3, 0.4, 0.6, 0.6])
    #expect(
      report.text.hasSuffix(
        """
        most confident errors (of the 5 of 6 records that tell probabilities)
        art missed, probability 0.3000
                last
        <sport> missed, probability 0.4000
                <text> of [0, 1]
        <sport> wrongly given, probability 0.6000
                last
        art wrongly given, probability 0.6000
                <text> of [1]

        """))
    #expect(
      report.html.contains("<th scope=\"row\">&lt;sport&gt;</th><td>missed</td><td>0.4000</td>")
        && report.html.contains("&lt;text&gt; of [0, 1]"))
    let document = try JSONDocument(String(decoding: report.json, as: UTF8.self))
    let errors = try #require(document.root["worst_errors"]?.items)
    #expect(errors.map { $0["error"]?.string } == ["missed", "missed", "given", "given"])
    report.keepWorst(1)
    #expect(report.worst.errors.map(\.text) == ["last"] && report.worstLimit == 1)
    #expect(Self.report([Self.records[3]]).html.contains("No label was missed or wrongly given."))
  }

  /// Every probability of every record is in a bin: how often the class is there.
  @Test func calibration() {
    let bins = Self.report(Self.records).calibration.bins
    #expect(bins.map(\.count) == [5, 2, 0, 1, 0, 1, 1, 1, 1, 0])
    #expect(bins.map(\.right) == [0, 0, 0, 1, 0, 0, 1, 1, 1, 0])
  }

  @Test func damagedReportsAreRefused() throws {
    let text = String(decoding: Self.report(Self.records).json, as: UTF8.self)
    let damages = [
      ("\"records\":4", "\"records\":-4"), ("\"exact_matches\":2", "\"exact_matches\":5"),
      ("\"true_positives\":[2", "\"true_positives\":[2,7"), ("\"scored\":4", "\"scored\":3"),
      ("\"version\":1", "\"version\":2"), ("\"record_f1s\":\"", "\"record_f1s\":\"9999999999"),
      ("\"name\":\"art\"", "\"name\":3"), ("\"error\":\"given\"", "\"error\":\"taken\""),
      ("\"worst\":10", "\"worst\":1"), ("\"right\":[0", "\"right\":[9"), ("{\"label\":1", "{\"label\":3"),
    ]
    for (from, to) in damages {
      let damaged = text.replacing(from, with: to, maxReplacements: 1)
      #expect(damaged != text, "\(from)")
      #expect(throws: RecordError.self, "\(to)") {
        _ = try Array(damaged.utf8).withUnsafeBufferPointer { try MultiLabelReport(json: $0) }
      }
    }
  }
}
