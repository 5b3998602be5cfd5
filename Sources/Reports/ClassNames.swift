import JSONLines

/// The names of classes 0, 1, …, and the class that a record's field names.
public struct ClassNames: Sendable {
  /// The names in the order of the classes.
  public let names: [String]
  private let classes: [String: Int]

  /// - Throws: `RecordError` for no names, an empty one, or one that stands there twice.
  public init(_ names: [String]) throws(RecordError) {
    var classes: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      guard !name.isEmpty else { throw RecordError("the name of class \(index) is empty") }
      if let other = classes.updateValue(index, forKey: name) {
        throw RecordError("classes \(other) and \(index) have one name, \"\(name)\"")
      }
    }
    guard !names.isEmpty else { throw RecordError("there are no names of classes") }
    (self.names, self.classes) = (names, classes)
  }

  /// The names, for messages: ten of them, and how many there are.
  private var list: String {
    names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", … (\(names.count))" : "")
  }

  /// The class of a field that holds its number or its name.
  public func label(_ field: String, of record: borrowing Record) throws(RecordError) -> Int {
    let value = try record.required(field)
    if let name = value.string {
      guard let label = classes[name] else {
        throw RecordError("field \"\(field)\" holds \"\(name)\", but the classes are \(list)")
      }
      return label
    }
    let label = try record.integer(field)
    guard names.indices.contains(label) else {
      let hint = label == names.count ? "; classes count from 0" : ""
      throw RecordError("field \"\(field)\" holds \(label), but there are \(names.count) classes\(hint)")
    }
    return label
  }
}
