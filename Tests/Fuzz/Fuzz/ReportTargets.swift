import Filters
import JSONLines
import Reports

/// A JSON report that is accepted is written in every form, is the same when it is read again as it is written, and can
/// be added to itself.
func fuzzReport(_ text: UnsafeBufferPointer<UInt8>) {
  func check<Counts: Report>(_ read: (Bytes) throws(RecordError) -> Counts) {
    guard var report = try? read(text) else { return }
    let json = report.json
    guard let again = try? json.withUnsafeBufferPointer({ try read($0) }) else {
      return expect(false, "a report that is accepted is refused as it is written")
    }
    expect(again.json == json && again.text == report.text && again.html == report.html, "the report differs")
    report.add(again)
    _ = (report.json, report.text, report.html)
  }
  check { (text) throws(RecordError) in try ClassificationReport(json: text) }
  check { (text) throws(RecordError) in try MultiLabelReport(json: text) }
}

/// The names of labels come back from the file that is made of them.
func fuzzLabels(_ text: UnsafeBufferPointer<UInt8>) {
  guard let labels = try? LabelFile.names(in: text) else { return }
  var file: [UInt8] = []
  LabelFile.write(labels.names, to: &file)
  let again = file.withUnsafeBufferPointer { try? LabelFile.names(in: $0) }
  expect(again == labels, "the names differ")
  for (label, name) in labels.names.enumerated() {
    expect(Array(name.utf8).withUnsafeBufferPointer { labels.label(named: $0) } == label, "a name is of another class")
  }
}
