import Batches
import Files
import Filters
import JSONLines
import Text

/// Collects the names of the labels of one record after the other and writes the list of them.
struct LabelWorker: LineWorker {
  /// The field of the label; nil for `label`, or `labels` where that is not there.
  let field: String?
  let order: EntryOrder
  private var names = TokenCounts()

  init(field: String?, order: EntryOrder) { (self.field, self.order) = (field, order) }

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    let record = try Record(line)
    let field = field ?? (record.has("label") || !record.has("labels") ? "label" : "labels")
    if record.isString(field) { return try add(record.text(field), field) }
    guard let value = try record.value(field) else {
      throw record.missingLabel(field, isNamed: self.field != nil)
    }
    if let integer = value.integer { throw Self.isClass(integer, field) }
    guard let items = value.items else { throw record.wrongType(field, "a name or a list of names") }
    for item in items {
      if let integer = item.integer { throw Self.isClass(integer, field) }
      guard let name = item.text else { throw record.wrongType(field, "a list of names", item) }
      try add(name, field)
    }
  }

  private mutating func add(_ name: Bytes, _ field: String) throws(RecordError) {
    guard !name.isEmpty else { throw RecordError("field \"\(field)\" holds an empty name") }
    names.add(name)
  }

  private static func isClass(_ integer: Int, _ field: String) -> RecordError {
    RecordError(
      "field \"\(field)\" holds \(integer), which is a class and needs no name; as a name it is written \"\(integer)\"")
  }

  func finish(into output: inout Output) throws {
    var list: [[UInt8]] = []
    names.visit(order: order.ofCounts) { name, _ in list.append(Array(name)) }
    guard !list.isEmpty else { throw Failure("there were no labels to collect") }
    LabelFile.write(list.map { String(decoding: $0, as: UTF8.self) }, to: &output.bytes)
  }
}
