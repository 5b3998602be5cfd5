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
  /// order named; names that neither has are left out.
  public func write(adding fields: NewFields, only: [String] = [], to output: inout [UInt8]) {
    if !only.isEmpty {
      writeOnly(only, fields, to: &output)
    } else if !fields.fields.contains(where: { has($0.name) }) {
      let end = lastBrace
      output.append(contentsOf: Bytes(rebasing: line[..<end]))
      let isEmpty = isEmpty
      for (index, field) in fields.fields.enumerated() {
        if !isEmpty || index > 0 { output.append(0x2c) }
        output.appendMember(field.name, fields.value(index))
      }
      output.append("}\n")
    } else {
      rebuild(with: fields, to: &output)
    }
  }

  private func rebuild(with fields: NewFields, to output: inout [UInt8]) {
    let members = namedMembers
    var copied = 0
    for member in members {
      guard let index = fields.fields.firstIndex(where: { $0.name == member.key }) else { continue }
      output.append(contentsOf: Bytes(rebasing: line[copied..<member.value.lowerBound]))
      output.append(contentsOf: fields.value(index))
      copied = member.value.upperBound
    }
    output.append(contentsOf: Bytes(rebasing: line[copied..<lastBrace]))
    for (index, field) in fields.fields.enumerated() where !members.contains(where: { $0.key == field.name }) {
      output.append(0x2c)
      output.appendMember(field.name, fields.value(index))
    }
    output.append("}\n")
  }

  private func writeOnly(_ names: [String], _ fields: NewFields, to output: inout [UInt8]) {
    output.append(0x7b)
    var isFirst = true
    let members = names.allSatisfy { name in fields.fields.contains { $0.name == name } } ? [] : namedMembers
    for name in names {
      let new = fields.fields.firstIndex { $0.name == name }
      let old = members.last { $0.key == name }
      guard new != nil || old != nil else { continue }
      if !isFirst { output.append(0x2c) }
      isFirst = false
      if let new {
        output.appendMember(name, fields.value(new))
      } else if let old {
        output.appendMember(name, Bytes(rebasing: line[old.value]))
      }
    }
    output.append("}\n")
  }

  /// The members with their keys.
  private var namedMembers: [MemberScanner.Member] {
    guard let members else { return MemberScanner.members(of: line) }
    return members.map { .init(key: String(decoding: line[$0.key], as: UTF8.self), value: $0.value) }
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
