import Batches
import Filters
import JSONLines
import Reports

/// A JSON report that is accepted is written in every form, is the same when it is read again as it is written, and can
/// be added to itself.
func fuzzReport(_ text: UnsafeBufferPointer<UInt8>) {
  guard let file = try? AnyReport(json: text) else { return }
  let report = file.report
  guard let again = report.json.withUnsafeBufferPointer({ try? AnyReport(json: $0) }) else {
    return expect(false, "a report that is accepted is refused as it is written")
  }
  expect(again.report.json == report.json, "the report differs")
  expect(again.report.text == report.text && again.report.html == report.html, "the report in words differs")
  var sum = file
  guard (try? sum.add(again, "again", to: "file")) != nil else {
    return expect(false, "the report can't be added to itself")
  }
  _ = (sum.report.json, sum.report.text, sum.report.html)
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
