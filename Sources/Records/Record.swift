import CJansson

/// One JSON object of a stream of JSON Lines, read by Jansson, with the line it came from.
///
/// The parsed form serves to read fields. Writing goes back to the line: what a program does not touch keeps its
/// bytes, the order of its fields and the spelling of its numbers.
public struct Record: ~Copyable {
  /// The line's bytes.
  public let line: Bytes
  let object: JSON

  /// Reads a line that must hold one JSON object: valid UTF-8, no NUL, no lone surrogate, no infinite number.
  /// Integers may have any number of digits.
  /// - Throws: `RecordError` with the reason and the place in the line.
  public init(_ line: Bytes) throws(RecordError) {
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
    self.line = line
    object = JSON(parsed)
  }

  deinit { json_decref(object.pointer) }

  /// 64 bits do not hold every integer in people's data, and a field that only passes through must not fail.
  static var flags: Int { Int(JSON_DECODE_INT_AS_REAL) }

  /// The value of a field, or nil when the record has none of the name.
  public func value(_ field: String) -> JSON? { object[field] }

  /// The value of a field that must be there.
  public func required(_ field: String) throws(RecordError) -> JSON {
    guard let value = object[field] else { throw RecordError("field \"\(field)\" is missing") }
    return value
  }

  /// The UTF-8 bytes of a field that must be a string. They live as long as the record.
  public func text(_ field: String) throws(RecordError) -> Bytes {
    guard let text = try required(field).text else { throw wrongType(field, "a string") }
    return text
  }

  /// The integer of a field that must be one.
  public func integer(_ field: String) throws(RecordError) -> Int {
    guard let integer = try required(field).integer else { throw wrongType(field, "an integer") }
    return integer
  }

  /// The strings of a field that must be a list of strings. They live as long as the record.
  public func texts(_ field: String) throws(RecordError) -> [Bytes] {
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
    return RecordError("field \"\(field)\" must be \(expected), not \(object[field]?.kind ?? "missing")")
  }
}

/// Jansson's words for what is wrong.
func message(of problem: json_error_t) -> String {
  let text = withUnsafeBytes(of: problem.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  return text.hasPrefix("\\u0000 is not allowed") ? "a string holds the NUL character \\u0000" : text
}
