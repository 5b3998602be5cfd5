import Files

/// Fields that a program adds to a record, as JSON text. Kept and refilled from record to record.
public struct NewFields {
  var text: [UInt8] = []
  var fields: [(name: String, value: Range<Int>)] = []

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

  func value(_ index: Int) -> ArraySlice<UInt8> { text[fields[index].value] }
}

extension Record {
  /// Appends the record's line to `output` with `fields` inserted before its closing brace. Everything that was
  /// there keeps its bytes. A field that is there already gets its new value in its old place.
  ///
  /// With `only`, the output is a new object of just the fields of those names, from the record or new, in the
  /// order named.
  /// - Throws: `RecordError` when `only` names a field that the record has not and that is not new.
  public func write(adding fields: NewFields, only: [String] = [], to output: inout [UInt8]) throws(RecordError) {
    if !only.isEmpty {
      try writeOnly(only, fields, to: &output)
    } else if !fields.fields.contains(where: { has($0.name) }) {
      let end = lastBrace
      output.append(contentsOf: Bytes(rebasing: line[..<end]))
      for (index, field) in fields.fields.enumerated() {
        if !members.isEmpty || index > 0 { output.append(0x2c) }
        output.appendMember(field.name, fields.value(index))
      }
      output.append("}\n")
    } else {
      rebuild(with: fields, to: &output)
    }
  }

  private func rebuild(with fields: NewFields, to output: inout [UInt8]) {
    var copied = 0
    for member in members {
      guard
        let index = fields.fields.firstIndex(where: { field in
          var name = field.name
          return name.withUTF8 { isKey($0, of: member) }
        })
      else { continue }
      output.append(contentsOf: Bytes(rebasing: line[copied..<member.value.lowerBound]))
      output.append(contentsOf: fields.value(index))
      copied = member.value.upperBound
    }
    output.append(contentsOf: Bytes(rebasing: line[copied..<lastBrace]))
    for (index, field) in fields.fields.enumerated() where !has(field.name) {
      output.append(0x2c)
      output.appendMember(field.name, fields.value(index))
    }
    output.append("}\n")
  }

  private func writeOnly(_ names: [String], _ fields: NewFields, to output: inout [UInt8]) throws(RecordError) {
    output.append(0x7b)
    for (index, name) in names.enumerated() {
      if index > 0 { output.append(0x2c) }
      if let new = fields.fields.firstIndex(where: { $0.name == name }) {
        output.appendMember(name, fields.value(new))
      } else if let place = place(of: name) {
        output.appendMember(name, Bytes(rebasing: line[members[place].value]))
      } else {
        throw RecordError("field \"\(name)\" of --only is missing")
      }
    }
    output.append("}\n")
  }

  private var lastBrace: Int { line.lastIndex(of: 0x7d)! }
}

extension [UInt8] {
  /// Appends a record of new fields alone.
  public mutating func appendRecord(_ fields: NewFields) {
    append(0x7b)
    for (index, field) in fields.fields.enumerated() {
      if index > 0 { append(0x2c) }
      appendMember(field.name, fields.value(index))
    }
    append("}\n")
  }

  fileprivate mutating func appendMember(_ name: String, _ value: some Collection<UInt8>) {
    appendJSON(name)
    append(0x3a)
    append(contentsOf: value)
  }
}
