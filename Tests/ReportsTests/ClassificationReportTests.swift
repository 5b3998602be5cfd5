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

  /// Tables keep to a terminal of 80 columns, whatever the classes are called; long names stay apart by their numbers.
  @Test(arguments: [1, 2, 20, 60]) func textKeepsToTheTerminal(_ classes: Int) {
    let names = (0..<classes).map { "a class with a long name that begins as all of them do, and is the \($0)th" }
    var report = ClassificationReport(labels: names, classes: classes)
    report.listsWorst = true
    report.precisionTarget = 0.9
    for number in 0..<100 {
      let probabilities = [Double](repeating: 1 / Double(classes), count: classes)
      report.add(
        label: number % classes, prediction: number * 3 % classes, confidence: 0.3, probabilities: probabilities,
        text: { String(repeating: "long ", count: 40) })
    }
    let lines = report.text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines.filter { $0.count > 80 })")
    #expect(Set(lines[2..<2 + classes].map { $0.prefix(34) }).count == classes)
  }

  /// A report on one class, of one record, without probabilities, and of records left open have no figures that are none.
  @Test func reportsOfLittleAreWhole() throws {
    var one = ClassificationReport(labels: ["only"], classes: 1)
    one.add(label: 0, prediction: 0, confidence: 1, probabilities: [1])
    #expect(one.figures?.curves.isEmpty ?? false && one.html.contains("No prediction was wrong."))
    var two = ClassificationReport(labels: nil, classes: 2)
    two.add(label: 1, prediction: 1, confidence: 1, probabilities: [0, 1])
    #expect(two.figures?.rocAUC == nil && two.figures?.averagePrecision == 1 && two.text.contains("ROC AUC -"))
    two.add(label: 1, prediction: nil, confidence: 0.5)
    #expect(two.figures == nil && two.text.contains("(1 of 2 records tell the probabilities"))
    for report in [one, two] {
      #expect(!report.html.contains("nan") && !report.text.contains("nan"))
      _ = try JSONDocument(String(decoding: report.json, as: UTF8.self))
    }
  }

  @Test func theWorstErrorsAreTheMostConfident() {
    var report = ClassificationReport(labels: nil, classes: 2, worst: 2)
    var made = 0
    for (confidence, label) in [(0.7, 0), (0.9, 0), (0.6, 0), (0.99, 1), (0.8, 0)] {
      report.add(
        label: label, prediction: 1, confidence: confidence,
        text: {
          made += 1
          return "text of \(confidence)"
        })
    }
    #expect(report.worst.errors.map(\.text) == ["text of 0.9", "text of 0.8"] && made == 3)
    report.listsWorst = true
    #expect(report.text.contains("0.9000  label 0, predicted 1\n        text of 0.9\n"))
  }

  @Test func topTokensStandInThePage() {
    var report = Self.report
    #expect(!report.html.contains("Words that matter"))
    report.topTokens = [[("bad", 2.5), ("<sad>", 2)], [("good", 1)]]
    #expect(report.html.contains("bad &lt;sad&gt;"))
  }
}
