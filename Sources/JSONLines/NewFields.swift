import Files

/// Fields that a program adds to a record, as JSON text. Kept and refilled from record to record.
public struct NewFields: JSONFields {
  /// What stands behind the fields of a record: a comma, a name, a colon and a value of each.
  fileprivate var text: [UInt8] = []
  fileprivate var fields: [(name: String, value: Range<Int>)] = []
  fileprivate let adders: [String: String]

  /// No fields.
  /// - Parameter adders: The options that would add fields, by the names of these, for a message.
  public init(adders: [String: String] = [:]) { self.adders = adders }

  /// Forgets the fields.
  public mutating func removeAll() {
    text.removeAll(keepingCapacity: true)
    while !fields.isEmpty { fields.removeLast() }
  }

  /// Adds a field; `write` appends its value as JSON text.
  public mutating func add(_ name: String, _ write: (inout [UInt8]) -> Void) {
    text.append(UInt8(ascii: ","))
    text.appendJSON(name)
    text.append(UInt8(ascii: ":"))
    let start = text.count
    write(&text)
    fields.append((name, start..<text.count))
  }

  /// The JSON text of a field's value, by its index.
  fileprivate func value(_ index: Int) -> ArraySlice<UInt8> { text[fields[index].value] }
}

extension [UInt8] {
  /// Appends a record of new fields alone.
  public mutating func appendRecord(_ fields: NewFields) {
    append(UInt8(ascii: "{"))
    append(fields, isEmpty: true)
    append("}\n")
  }

  /// Appends new fields to an object that is open, and has fields already if it is not empty.
  fileprivate mutating func append(_ fields: NewFields, isEmpty: Bool) {
    append(contentsOf: fields.text.dropFirst(isEmpty ? 1 : 0))
  }
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
    } else if !fields.fields.contains(where: { ownMember($0.name) != nil }) {
      output.append(contentsOf: Bytes(rebasing: line[..<lastBrace]))
      output.append(fields, isEmpty: members.isEmpty)
      output.append("}\n")
    } else {
      try rebuild(with: fields, to: &output)
    }
  }

  private func rebuild(with fields: NewFields, to output: inout [UInt8]) throws(RecordError) {
    var copied = 0
    for member in members {
      guard
        let index = fields.fields.firstIndex(where: { field in
          var name = field.name
          return name.withUTF8 { member.hasKey($0, in: line) }
        })
      else { continue }
      guard !values.searchedObjects.contains(member.value.lowerBound) else {
        throw RecordError("field \"\(fields.fields[index].name)\" is to be written, but what is read stands in it")
      }
      output.append(contentsOf: Bytes(rebasing: line[copied..<member.value.lowerBound]))
      output.append(contentsOf: fields.value(index))
      copied = member.value.upperBound
    }
    output.append(contentsOf: Bytes(rebasing: line[copied..<lastBrace]))
    output.appendFields(isEmpty: members.isEmpty) { object in
      for (name, value) in fields.fields where ownMember(name) == nil { object.add(name, json: fields.text[value]) }
    }
    output.append("}\n")
  }

  private func writeOnly(_ names: [String], _ fields: NewFields, to output: inout [UInt8]) throws(RecordError) {
    try output.appendRecord { object throws(RecordError) in
      for name in names {
        if let new = fields.fields.firstIndex(where: { $0.name == name }) {
          object.add(name, json: fields.value(new))
        } else if let member = ownMember(name) {
          object.add(name, json: Bytes(rebasing: line[member.value]))
        } else {
          let advice = fields.adders[name].map { " (\($0) adds it)" } ?? ""
          throw RecordError("field \"\(name)\" of --only is missing\(advice)")
        }
      }
    }
  }

  private var lastBrace: Int { line.lastIndex(of: UInt8(ascii: "}"))! }
}
