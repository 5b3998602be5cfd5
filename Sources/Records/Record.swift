import CJansson
import Glibc

/// One JSON object of a stream of JSON Lines, with the line it came from.
///
/// The fields are read from the line, by Jansson where that is not simple. Writing goes back to the line: what a program does not
/// touch keeps its bytes, the order of its fields and the spelling of its numbers.
public struct Record: ~Copyable {
  /// The line's bytes.
  public let line: Bytes
  /// Where the members stand, if the scanner could tell.
  let members: [JSONScanner.Member]?
  private let values: Values

  /// Reads a line that must hold one JSON object: valid UTF-8, no NUL, no lone surrogate, no infinite number.
  /// Integers may have any number of digits.
  /// - Throws: `RecordError` with the reason and the place in the line.
  public init(_ line: Bytes) throws(RecordError) {
    let members = JSONScanner.members(of: line)
    let values = Values()
    if members == nil {
      let object = try Values.object(line)
      values.add(object, place: Values.whole)
    }
    (self.line, self.members, self.values) = (line, members, values)
  }

  /// What Jansson has read for a record: the whole line, or the values of some members.
  private final class Values {
    static let whole = -1
    var parsed: [(place: Int, value: JSON)] = []

    func add(_ value: JSON, place: Int) { parsed.append((place, value)) }

    deinit { for (_, value) in parsed { json_decref(value.pointer) } }

    static func object(_ line: Bytes) throws(RecordError) -> JSON {
      var problem = json_error_t()
      let parsed = line.withMemoryRebound(to: CChar.self) { line in
        json_loadb(line.baseAddress, line.count, Record.flags, &problem)
      }
      guard let parsed else {
        throw RecordError("not JSON: \(message(of: problem)) at byte \(problem.position)")
      }
      guard parsed.pointee.type == JSON_OBJECT else {
        let kind = JSON(parsed).kind
        json_decref(parsed)
        throw RecordError("not a JSON object but \(kind)")
      }
      return JSON(parsed)
    }
  }

  /// 64 bits do not hold every integer in people's data, and a field that only passes through must not fail.
  static var flags: Int { Int(JSON_DECODE_INT_AS_REAL) }

  /// Whether the record has a field.
  public func has(_ field: String) -> Bool {
    members == nil ? values.parsed[0].value[field] != nil : place(of: field) != nil
  }

  /// Whether it has no field at all.
  var isEmpty: Bool { members?.isEmpty ?? values.parsed[0].value.isEmpty }

  /// The value of a field, or nil when the record has none of the name. It lives as long as the record.
  public func value(_ field: String) -> JSON? {
    guard let members else { return values.parsed[0].value[field] }
    guard let place = place(of: field) else { return nil }
    if let known = values.parsed.first(where: { $0.place == place }) { return known.value }
    let flags = Record.flags | Int(JSON_DECODE_ANY)
    let text = Bytes(rebasing: line[members[place].value])
    let value = text.withMemoryRebound(to: CChar.self) { json_loadb($0.baseAddress, $0.count, flags, nil) }
    guard let value else {
      fatalError("the scanner passed what Jansson refuses: \(String(decoding: text, as: UTF8.self))")
    }
    values.add(JSON(value), place: place)
    return JSON(value)
  }

  /// The place of a field among the members; the last of several counts.
  private func place(of field: String) -> Int? {
    var field = field
    return field.withUTF8 { field in
      members?.lastIndex { member in
        member.key.count == field.count
          && memcmp(line.baseAddress! + member.key.lowerBound, field.baseAddress!, field.count) == 0
      }
    }
  }

  /// The text of a field's value, for reading without Jansson: known to be valid, and without escapes in strings.
  func plainValue(_ field: String) -> Bytes? {
    guard let members, let place = place(of: field), !members[place].hasEscapes else { return nil }
    return Bytes(rebasing: line[members[place].value])
  }

  /// The value of a field that must be there.
  public func required(_ field: String) throws(RecordError) -> JSON {
    guard let value = value(field) else { throw RecordError("field \"\(field)\" is missing") }
    return value
  }

  /// The UTF-8 bytes of a field that must be a string. They live as long as the record.
  public func text(_ field: String) throws(RecordError) -> Bytes {
    if let value = plainValue(field), value[0] == 0x22 { return Bytes(rebasing: value.dropFirst().dropLast()) }
    guard let text = try required(field).text else { throw wrongType(field, "a string") }
    return text
  }

  /// The integer of a field that must be one.
  public func integer(_ field: String) throws(RecordError) -> Int {
    if let value = plainValue(field), let (integer, end) = value.wholeNumber(at: 0), end == value.count {
      return integer
    }
    guard let integer = try required(field).integer else { throw wrongType(field, "an integer") }
    return integer
  }

  /// The strings of a field that must be a list of strings. They live as long as the record.
  public func texts(_ field: String) throws(RecordError) -> [Bytes] {
    if let texts = plainValue(field)?.strings { return texts }
    guard let items = try required(field).items else { throw wrongType(field, "a list of strings") }
    var texts: [Bytes] = []
    texts.reserveCapacity(items.count)
    for item in items {
      guard let text = item.text else { throw wrongType(field, "a list of strings", item) }
      texts.append(text)
    }
    return texts
  }

  /// The numbers of a field that must be a list of integers.
  public func integers(_ field: String) throws(RecordError) -> [Int] {
    if let integers = plainValue(field)?.wholeNumbers { return integers }
    guard let items = try required(field).items else { throw wrongType(field, "a list of integers") }
    var integers: [Int] = []
    integers.reserveCapacity(items.count)
    for item in items {
      guard let integer = item.integer else { throw wrongType(field, "a list of integers", item) }
      integers.append(integer)
    }
    return integers
  }

  /// The error for a field (or an item of its list) of another type than `expected`.
  public func wrongType(_ field: String, _ expected: String, _ item: JSON? = nil) -> RecordError {
    if let item { return RecordError("field \"\(field)\" must be \(expected), but an item is \(item.kind)") }
    return RecordError("field \"\(field)\" must be \(expected), not \(value(field)?.kind ?? "missing")")
  }
}

/// Jansson's words for what is wrong.
func message(of problem: json_error_t) -> String {
  let text = withUnsafeBytes(of: problem.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  return text.hasPrefix("\\u0000 is not allowed") ? "a string holds the NUL character \\u0000" : text
}
