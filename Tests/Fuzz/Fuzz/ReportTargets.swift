import Batches
import Filters
import JSONLines
import Reports

/// A JSON report that is accepted is written in every form, is the same when it is read again as it is written, and can
/// be added to itself.
func fuzzReport(_ text: UnsafeBufferPointer<UInt8>) {
  if let report = try? ClassificationReport(json: text) {
    check(report, again: report.json.withUnsafeBufferPointer { try? ClassificationReport(json: $0) })
  }
  if let report = try? MultiLabelReport(json: text) {
    check(report, again: report.json.withUnsafeBufferPointer { try? MultiLabelReport(json: $0) })
  }
}

private func check<Counts: Report>(_ report: Counts, again: Counts?) {
  guard let again else { return expect(false, "a report that is accepted is refused as it is written") }
  expect(again.json == report.json, "the report differs")
  expect(again.text == report.text && again.html == report.html, "the report in words differs")
  var sum = report
  sum.add(again)
  _ = (sum.json, sum.text, sum.html)
}

/// The names of labels come back from the file that is made of them.
func fuzzLabels(_ text: UnsafeBufferPointer<UInt8>) {
  guard let labels = try? LabelFile.names(in: text) else { return }
  var file: [UInt8] = []
  LabelFile.write(labels.names, to: &file)
  let again = file.withUnsafeBufferPointer { try? LabelFile.names(in: $0) }
  expect(again == labels, "the names differ")
  for (label, name) in labels.names.enumerated() {
    let found = Array(name.utf8).withUnsafeBufferPointer { labels.label(named: $0) }
    expect(found == label, "a name is of another class")
  }
}
