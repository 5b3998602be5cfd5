import Files
import JSONLines

/// Where records have their labels, and which ones there may be.
public struct LabelField: Sendable {
  /// Whether a record may have several labels.
  public let isSeveral: Bool
  private let name: String?
  /// The names of the classes, if they have any.
  public let names: LabelNames?
  private let classes: Int?
  private let advice: String
  private let adviceOnSeveral: String

  /// Labels in a field.
  /// - Parameters:
  ///   - name: The name of the field. Without one it is `label`, or of records with several `labels` where that is
  ///     there, else `label`.
  ///   - names: The names of the classes, if they have any.
  ///   - classes: The number of classes if they have no names and it is known.
  ///   - isSeveral: Whether a record may have several labels.
  ///   - advice: What is to be done where a label is a name and there are no names: the end of a message.
  ///   - adviceOnSeveral: What is to be done where a record has several labels and should have one.
  public init(
    _ name: String? = nil, names: LabelNames? = nil, classes: Int? = nil, isSeveral: Bool = false,
    advice: String = "give --labels a,b,… or a file of vocab-build --labels",
    adviceOnSeveral: String = "several need --several-labels"
  ) {
    (self.name, self.names, self.isSeveral) = (name, names, isSeveral)
    (self.advice, self.adviceOnSeveral) = (advice, adviceOnSeveral)
    self.classes = names?.names.count ?? classes
  }

  /// The number of classes, where it is known.
  public var classCount: Int? { classes }

  /// The class of a record's only label.
  /// - Throws: `RecordError` that says what the label is and which ones there are.
  public func label(of record: borrowing Record) throws(RecordError) -> Int { try label(name ?? "label", record) }

  /// The classes of a record's labels: of a list, perhaps an empty one, or a label that stands for itself. Each comes
  /// once, in the order of the list.
  /// - Throws: `RecordError` that says what a label is and which ones there are.
  public func labels(of record: borrowing Record) throws(RecordError) -> [Int] {
    let field = name ?? (record.has("labels") || !record.has("label") ? "labels" : "label")
    guard record.isList(field), let items = try record.required(field).items else {
      return [try label(field, record)]
    }
    var labels: [Int] = []
    var seen: Set<Int> = []
    for item in items {
      let label: Int
      if let text = item.text {
        label = try self.label(named: text, field)
      } else if let integer = item.integer {
        label = try check(integer, field)
      } else {
        throw RecordError("\(record.wrongType(field, "a list of \(kind(plural: true))", item))\(known)")
      }
      if seen.insert(label).inserted { labels.append(label) }
    }
    return labels
  }

  private func label(_ field: String, _ record: borrowing Record) throws(RecordError) -> Int {
    if record.isString(field) { return try label(named: record.text(field), field) }
    guard record.has(field) else { throw missing(field, record) }
    do throws(RecordError) {
      return try check(record.integer(field), field)
    } catch {
      guard let value = try? record.value(field), value.integer == nil else { throw error }
      let advice =
        value.items != nil ? " (\(adviceOnSeveral))" : value.number != nil ? " (a class is a whole number)" : ""
      throw RecordError("\(record.wrongType(field, kind(plural: false)))\(advice)\(known)")
    }
  }

  private func label(named name: Bytes, _ field: String) throws(RecordError) -> Int {
    if let label = names?.label(named: name) { return label }
    let text = String(decoding: name, as: UTF8.self)
    let number = Int(text) == nil ? "" : "; as a number, a class has no quotes"
    if names != nil { throw RecordError("field \"\(field)\" is \"\(text)\", which is no label\(known)\(number)") }
    throw RecordError("field \"\(field)\" is the string \"\(text)\", but the labels have no names: \(advice)\(number)")
  }

  private func check(_ label: Int, _ field: String) throws(RecordError) -> Int {
    try IDRange.check([label], of: field, isClass: true)
    guard let classes, label >= classes else { return label }
    let count = label == classes ? "classes count from 0" : "they count from 0 to \(classes - 1)"
    throw RecordError("field \"\(field)\" holds \(label), but there are \(classes) classes: \(count)\(known)")
  }

  private func missing(_ field: String, _ record: borrowing Record) -> RecordError {
    if !isSeveral, name == nil, record.has("labels") {
      return RecordError("field \"\(field)\" is missing, but there is \"labels\": \(adviceOnSeveral)")
    }
    return RecordError("\(record.missingLabel(field, isNamed: name != nil))\(known)")
  }

  private func kind(plural: Bool) -> String {
    switch (names != nil, plural) {
    case (true, true): "names or integers"
    case (true, false): "a name or an integer"
    case (false, true): "integers"
    case (false, false): "an integer"
    }
  }

  /// The end of a message: the labels, if they have names.
  private var known: String { names.map { "; the labels are \($0.list)" } ?? "" }
}
