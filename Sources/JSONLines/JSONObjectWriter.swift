import Files

/// Where fields of a JSON object are added: an object that is being written, or the new fields of a record.
public protocol JSONFields {
  /// Adds a field; `write` appends its value as JSON text.
  mutating func add(_ name: String, _ write: (inout [UInt8]) -> Void)
}

extension JSONFields {
  /// Adds a field that holds an integer; null without one.
  public mutating func add(_ name: String, _ value: Int?) {
    add(name) { output in
      if let value { output.appendJSON(value) } else { output.append("null") }
    }
  }

  /// Adds a field that holds a string; null without one.
  public mutating func add(_ name: String, _ value: String?) {
    add(name) { output in
      if let value { output.appendJSON(value) } else { output.append("null") }
    }
  }

  /// Adds a field that holds a number, with the fewest digits that give it back; null for what is not finite.
  @inlinable
  public mutating func add<Value: BinaryFloatingPoint & CustomStringConvertible>(_ name: String, _ value: Value) {
    add(name) { $0.appendJSON(value) }
  }

  /// Adds fields that hold strings, in the order of their names.
  public mutating func addSorted(_ strings: [String: String]) {
    for (name, string) in strings.sorted(by: { $0.key < $1.key }) { add(name, string) }
  }

  /// Adds fields that hold numbers, in the order of their names.
  public mutating func addSorted(_ numbers: [String: Double]) {
    for (name, number) in numbers.sorted(by: { $0.key < $1.key }) { add(name, number) }
  }

  /// Adds a field that holds an object of the fields that `members` adds.
  public mutating func add(_ name: String, object members: (inout JSONObjectWriter) -> Void) {
    add(name) { $0.appendObject(members) }
  }
}

/// A JSON object that is being written: the names and values of its fields, and the commas between them.
///
///     output.appendObject { $0.add("step", 3) }      {"step":3}
public struct JSONObjectWriter: JSONFields {
  fileprivate var output: [UInt8]
  fileprivate var isEmpty: Bool

  /// Adds a field; `write` appends its value as JSON text.
  public mutating func add(_ name: String, _ write: (inout [UInt8]) -> Void) {
    if !isEmpty { output.append(UInt8(ascii: ",")) }
    isEmpty = false
    output.appendJSON(name)
    output.append(UInt8(ascii: ":"))
    write(&output)
  }

  /// Adds a field whose value is JSON text already.
  public mutating func add(_ name: String, json: some Collection<UInt8>) {
    add(name) { $0.append(contentsOf: json) }
  }
}

extension [UInt8] {
  /// Appends a JSON object of the fields that `members` adds.
  public mutating func appendObject<Failure: Error>(
    _ members: (inout JSONObjectWriter) throws(Failure) -> Void
  ) throws(Failure) {
    append(UInt8(ascii: "{"))
    try appendFields(members)
    append(UInt8(ascii: "}"))
  }

  /// Appends an object that is a line of its own.
  public mutating func appendRecord<Failure: Error>(
    _ members: (inout JSONObjectWriter) throws(Failure) -> Void
  ) throws(Failure) {
    try appendObject(members)
    append(UInt8(ascii: "\n"))
  }

  /// Appends fields to an object that is open, and has fields already if it is not empty.
  mutating func appendFields<Failure: Error>(
    isEmpty: Bool = true, _ members: (inout JSONObjectWriter) throws(Failure) -> Void
  ) throws(Failure) {
    // The bytes move into the writer and back; nothing is copied.
    var writer = JSONObjectWriter(output: [], isEmpty: isEmpty)
    swap(&self, &writer.output)
    defer { swap(&self, &writer.output) }
    try members(&writer)
  }
}
