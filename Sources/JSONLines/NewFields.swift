import Files

/// Fields that a program adds to a record, as JSON text. Kept and refilled from record to record.
public struct NewFields: JSONFields {
  private var text: [UInt8] = []
  private var fields: [(name: String, value: Range<Int>)] = []

  public init() {}

  /// Forgets the fields.
  public mutating func removeAll() {
    text.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
  }

  /// Adds a field; `write` appends its value as JSON text.
  public mutating func add(_ name: String, _ write: (inout [UInt8]) -> Void) {
    let start = text.count
    write(&text)
    fields.append((name, start..<text.count))
  }

  /// The names of the fields, in their order.
  var names: some Collection<String> { fields.lazy.map(\.name) }

  /// The JSON text of a field's value, by its index among the names.
  func value(_ index: Int) -> ArraySlice<UInt8> { text[fields[index].value] }
}

extension JSONObjectWriter {
  /// Adds the fields whose names pass.
  mutating func add(_ fields: borrowing NewFields, where isWanted: (String) -> Bool = { _ in true }) {
    for (index, name) in fields.names.enumerated() where isWanted(name) { add(name, json: fields.value(index)) }
  }
}

extension [UInt8] {
  /// Appends a record of new fields alone.
  public mutating func appendRecord(_ fields: NewFields) { appendRecord { $0.add(fields) } }
}

extension Record {
  /// Appends the record's line to `output` with `fields` inserted before its closing brace. Everything that was
  /// there keeps its bytes. A field that is there already gets its new value at its old position.
  ///
  /// With `only`, the output is a new object of just the fields of those names, from the record or new, in the
  /// order named.
  /// - Throws: `RecordError` when `only` names a field that the record has not and that is not new.
  public func write(adding fields: NewFields, only: [String] = [], to output: inout [UInt8]) throws(RecordError) {
    if !only.isEmpty {
      try writeOnly(only, fields, to: &output)
    } else if !fields.names.contains(where: { has($0) }) {
      output.append(contentsOf: Bytes(rebasing: line[..<lastBrace]))
      output.appendFields(isEmpty: members.isEmpty) { $0.add(fields) }
      output.append("}\n")
    } else {
      rebuild(with: fields, to: &output)
    }
  }

  private func rebuild(with fields: NewFields, to output: inout [UInt8]) {
    var copied = 0
    for member in members {
      guard
        let index = fields.names.enumerated().first(where: { _, name in
          var name = name
          return name.withUTF8 { isKey($0, of: member) }
        })?.offset
      else { continue }
      output.append(contentsOf: Bytes(rebasing: line[copied..<member.value.lowerBound]))
      output.append(contentsOf: fields.value(index))
      copied = member.value.upperBound
    }
    output.append(contentsOf: Bytes(rebasing: line[copied..<lastBrace]))
    output.appendFields(isEmpty: members.isEmpty) { $0.add(fields) { !has($0) } }
    output.append("}\n")
  }

  private func writeOnly(_ names: [String], _ fields: NewFields, to output: inout [UInt8]) throws(RecordError) {
    try output.appendRecord { object throws(RecordError) in
      for name in names {
        if let new = fields.names.enumerated().first(where: { $0.element == name })?.offset {
          object.add(name, json: fields.value(new))
        } else if let index = index(of: name) {
          object.add(name, json: Bytes(rebasing: line[members[index].value]))
        } else {
          throw RecordError("field \"\(name)\" of --only is missing")
        }
      }
    }
  }

  private var lastBrace: Int { line.lastIndex(of: UInt8(ascii: "}"))! }
}
