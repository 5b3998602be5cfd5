import JSONLines
import Reports
import Testing

@Suite struct ClassificationReportTests {
  static let report = {
    var report = ClassificationReport(labels: ["no", "<yes>"], classes: 2)
    for (label, prediction) in [(0, 0), (0, 1), (1, 1), (1, 1)] {
      report.add(label: label, prediction: prediction, confidence: 0.75)
    }
    report.add(label: 1, prediction: nil, confidence: 0.5)
    return report
  }()

  @Test func nothingCountedIsNoReport() {
    #expect(ClassificationReport(labels: nil, classes: 2).isEmpty && !Self.report.isEmpty)
  }

  @Test func allFormatsTellTheSame() throws {
    let text = String(decoding: Self.report.contents(as: .text), as: UTF8.self)
    #expect(text.hasPrefix("accuracy 0.7500 (3 of 4); 1 of 5 records left open\n"))
    let html = String(decoding: Self.report.contents(as: .html), as: UTF8.self)
    #expect(html.contains("accuracy 0.7500 (3 of 4)") && html.contains("&lt;yes&gt;") && !html.contains("<yes>"))
    let json = try JSONDocument(String(decoding: Self.report.contents(as: .json), as: UTF8.self))
    #expect(json.root["accuracy"]?.number == 0.75 && json.root["abstentions"]?.integer == 1)
    #expect(json.root["confusion_matrix"]?.items?.map { $0.integers ?? [] } == [[1, 1], [0, 2]])
    #expect(json.root["classes"]?.items?.first?["recall"]?.number == 0.5)
  }
}
