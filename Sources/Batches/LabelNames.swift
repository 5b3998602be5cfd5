import Files
import JSONLines

/// The names of the classes 0, 1, …, and the way from a record's label to its class.
///
/// A string is a name and a whole number is a class, whatever the names are. Names are compared byte by byte.
public struct LabelNames: Sendable, Equatable {
  /// The names in the order of their classes.
  public let names: [String]
  private let classes: [[UInt8]: Int]

  /// Names of classes.
  /// - Throws: `RecordError` where there is no name, an empty one, or one twice.
  public init(_ names: [String]) throws(RecordError) {
    guard !names.isEmpty else { throw RecordError("there are no names of labels") }
    var classes: [[UInt8]: Int] = [:]
    for (label, name) in names.enumerated() {
      guard !name.isEmpty else { throw RecordError("the name of label \(label) is empty") }
      if let first = classes.updateValue(label, forKey: Array(name.utf8)) {
        throw RecordError("the labels \(first) and \(label) have the same name, \"\(name)\"")
      }
    }
    (self.names, self.classes) = (names, classes)
  }

  /// The class of a name, given as UTF-8.
  public func label(named name: Bytes) -> Int? { classes[Array(name)] }

  /// The class of the label in a field that holds a name, or a class.
  /// - Throws: `RecordError` that says what the label is and which ones there are.
  public func label(_ field: String, of record: borrowing Record) throws(RecordError) -> Int {
    try LabelField(field, names: self).label(of: record)
  }

  /// The classes of the labels in a field that holds a list of names and classes, or one of them; each once, in the
  /// order of the list.
  /// - Throws: `RecordError` that says what a label is and which ones there are.
  public func labels(_ field: String, of record: borrowing Record) throws(RecordError) -> [Int] {
    try LabelField(field, names: self, isSeveral: true).labels(of: record)
  }

  /// The names, for messages: ten of them, and how many more there are.
  var list: String {
    let shown = names.prefix(10).map { "\"\($0)\"" }.joined(separator: ", ")
    return names.count > 10 ? "\(shown) and \(names.count - 10) more" : shown
  }
}
