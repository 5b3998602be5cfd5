import Files
import JSONLines
import Reports
import TestSupport
import Testing

@Suite struct AnyReportTests {
  static func read(_ json: [UInt8]) throws -> AnyReport {
    try json.withUnsafeBufferPointer { try AnyReport(json: $0) }
  }

  static func pairs(_ numbers: some Sequence<Int>, labels: [String]? = nil, threshold: Double = 0.5) -> PairReport {
    var report = PairReport(labels: labels, threshold: threshold)
    for number in numbers { report.add(score: Float(number * 37 % 101 - 50) / 50, isDuplicate: number % 3 == 0) }
    return report
  }

  static func entities() -> EntityReport {
    var report = EntityReport()
    report.add(tags: ["B-x", "O"], predictions: ["B-x", "B-y"])
    return report
  }

  static let all: [any Report] = [
    ClassificationReportReadingTests.report(3, 0..<20), MultiLabelReport(labels: ["a", "b"], classes: 2),
    entities(), pairs(0..<20),
  ]

  @Test func everyKindIsReadAsWhatItIs() throws {
    for report in Self.all {
      let read = try Self.read(report.json)
      #expect(type(of: read.report) == type(of: report) && read.report.json == report.json)
    }
    #expect(try Self.all.map { try Self.read($0.json).worstLimit } == [5, 10, nil, nil])
  }

  @Test func onlyOneKindAddsUp() throws {
    for (index, report) in Self.all.enumerated() {
      var sum = try Self.read(report.json)
      #expect(performing { try sum.add(try Self.read(report.json), "b", to: "a") } == nil)
      let other = try Self.read(Self.all[(index + 1) % Self.all.count].json)
      #expect(performing { try sum.add(other, "b", to: "a") }?.hasPrefix("b and a: one report is on ") ?? false)
    }
  }

  @Test(arguments: [-0.25, 0.5]) func pairsAddUpToTheWhole(_ threshold: Double) throws {
    let whole = Self.pairs(0..<300, threshold: threshold)
    let parts = [0..<120, 120..<121, 121..<121, 121..<300].map { Self.pairs($0, threshold: threshold).json }
    for order in [[0, 1, 2, 3], [3, 2, 1, 0]] {
      var sum = try Self.read(parts[order[0]])
      for index in order.dropFirst() { try sum.add(try Self.read(parts[index]), "b", to: "a") }
      #expect(sum.report.json == whole.json && sum.report.text == whole.text && sum.report.html == whole.html)
    }
  }

  @Test func pairsOfOtherLabelsOrThresholdsDoNotAddUp() throws {
    var sum = try Self.read(Self.pairs(0..<9).json)
    let (labels, threshold) = (Self.pairs(0..<9, labels: ["no", "yes"]), Self.pairs(0..<9, threshold: 0.75))
    #expect(
      try performing { try sum.add(try Self.read(labels.json), "b", to: "a") }
        == "b: the classes of the report are no, yes, but those of a are 0, 1")
    #expect(
      try performing { try sum.add(try Self.read(threshold.json), "b", to: "a") }
        == "b: the threshold of the report is 0.75, but that of a is 0.5")
  }

  @Test(arguments: [
    ("\"records\":20", "\"records\":21", "records"), ("\"threshold\":0.5", "\"threshold\":7", "threshold"),
    ("\"threshold\":0.5", "\"threshold\":null", "threshold"), ("\"confusion\":[[", "\"confusion\":[[1,", "confusion"),
    ("\"confusion\":[[", "\"confusion\":[[-", "confusion"), ("[\"0\",\"1\"]", "[\"0\"]", "counts"),
    ("\"scores\":[", "\"scores\":[3,", "counts"), ("\"positives\":[", "\"positives\":[1,", "counts"),
  ])
  func damagedPairsAreRefused(_ part: String, _ damage: String, _ field: String) throws {
    let text = String(decoding: Self.pairs(0..<20).json, as: UTF8.self)
    let damaged = text.replacing(part, with: damage, maxReplacements: 1)
    #expect(damaged != text)
    #expect(
      performing { try Self.read(Array(damaged.utf8)) } == "the report is damaged: its field \"\(field)\"")
  }
}
