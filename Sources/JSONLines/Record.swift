import CJansson
import Files
import Glibc

/// One JSON object of a stream of JSON Lines, with the line it came from.
///
/// The fields are read from the line, by Jansson where that is not simple. `user.text` is read from the field "text" of the
/// object in the field "user", unless the record has a field of just this name (`FieldPath.swift`). Writing goes back to
/// the line: what a program does not touch keeps its bytes, the order of its fields and the spelling of its numbers.
public struct Record: ~Copyable {
  /// The line's bytes.
  public let line: Bytes
  /// Where the members stand.
  let members: [JSONScanner.Member]
  let values = Values()

  /// Reads a line that must hold one JSON object: valid UTF-8, no NUL, no lone surrogate. Numbers may have any size and
  /// number of digits. Of equal keys the last counts.
  /// - Parameter textAdvice: What to do with a line that is none but looks like text, for the message.
  /// - Throws: `RecordError` with the reason and its position in the line.
  public init(
    _ line: Bytes, textAdvice: String = "tweet-tokenize --plain makes records of lines of text"
  ) throws(RecordError) {
    var scanner = JSONScanner(line)
    guard let members = scanner.members() else {
      let problem = Self.problem(line, scanner.index)
      throw Self.looksLikeText(line) ? RecordError("\(problem) (\(textAdvice))") : problem
    }
    (self.line, self.members) = (line, members)
  }

  /// What is wrong with a line that the scanner has refused, and what to do about it.
  private static func problem(_ line: Bytes, _ index: Int) -> RecordError {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0d ~= byte }
    let reason = reason(line, index)
    let text = line.filter { !isSpace($0) }
    let hint: String? =
      if String(validating: line, as: UTF8.self) == nil {
        "iconv -f LATIN1 -t UTF-8, if it is Latin-1"
      } else if text.first == UInt8(ascii: "[") {
        "jq -c '.[]' makes records of a list"
      } else if text.starts(with: [UInt8(ascii: "{"), UInt8(ascii: "'")]) {
        "JSON has double quotes"
      } else if text.first == UInt8(ascii: "{"),
        text.last != UInt8(ascii: "}") || reason.description.contains("end of file expected")
      {
        "a record stands on one line: jq -c . makes it so"
      } else if text.first != UInt8(ascii: "{"), text.contains(UInt8(ascii: ",")) {
        "mlr -S --icsv --ojsonl cat makes records of CSV"
      } else {
        nil
      }
    return hint.map { RecordError("\(reason) (\($0))") } ?? reason
  }

  private static func looksLikeText(_ line: Bytes) -> Bool {
    guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }) else { return false }
    return first != UInt8(ascii: "{") && first != UInt8(ascii: "[") && String(validating: line, as: UTF8.self) != nil
  }

  /// What Jansson says about a line, which knows more about it, as a rule.
  private static func reason(_ line: Bytes, _ index: Int) -> RecordError {
    let generic = RecordError("not JSON at byte \(index)")
    do throws(RecordError) {
      let value = try Jansson.parse(line, 0) { problem in
        problem.code == json_error_numeric_overflow
          ? generic.description : "not JSON: \(message(of: problem)) at byte \(problem.position)"
      }
      defer { json_decref(value.pointer) }
      return value.pointer.pointee.type == JSON_OBJECT
        ? generic : RecordError("not a JSON object but \(value.kind)")
    } catch {
      return error
    }
  }

  /// What was read of a record: the values of Jansson's, and where; and texts that had escapes.
  final class Values {
    fileprivate var parsed: [(start: Int, value: JSON)] = []
    private var texts: [UnsafeMutablePointer<UInt8>] = []
    /// Where the objects begin in which fields were found.
    var searchedObjects: [Int] = []

    deinit {
      for (_, value) in parsed { json_decref(value.pointer) }
      for text in texts { text.deallocate() }
    }

    /// What the text of a JSON string with escapes means.
    fileprivate func unescaped(_ text: Bytes) -> Bytes {
      let start = UnsafeMutablePointer<UInt8>.allocate(capacity: text.count)
      texts.append(start)
      return Bytes(start: start, count: text.unescape(to: start))
    }
  }

  /// The names of the fields that hold strings, in their order; behind them the paths of those in objects.
  public var textFields: [String] { fields { $0 == "\"" } }

  /// The names of the fields that hold strings or whole numbers, of which one may be a label, in the same order.
  public var labelFields: [String] {
    fields { $0 == "\"" } + fields { "0"..."9" ~= $0 }.filter { (try? integer($0)) != nil }
  }

  /// The names of the fields whose values begin in some way, in their order; behind them the paths of those in objects.
  private func fields(_ begins: (Unicode.Scalar) -> Bool) -> [String] {
    func names(
      of members: [JSONScanner.Member], in text: Bytes, _ begins: (Unicode.Scalar) -> Bool
    ) -> [(String, Range<Int>)] {
      members.filter { begins(Unicode.Scalar(text[$0.value.lowerBound])) && !$0.keyHasEscapes }
        .map { (String(decoding: text[$0.key], as: UTF8.self), $0.value) }
    }
    let nested = names(of: members, in: line) { $0 == "{" }.flatMap { name, place in
      let object = Bytes(rebasing: line[place])
      var scanner = JSONScanner(object)
      return names(of: scanner.members() ?? [], in: object, begins).map { "\(name).\($0.0)" }
    }
    return names(of: members, in: line, begins).map(\.0) + nested
  }

  /// Whether the record has a field.
  public func has(_ field: String) -> Bool { member(field) != nil }

  /// The value of a field, or nil when the record has none of the name. It lives as long as the record.
  /// - Throws: `RecordError` when it holds a number that is too large.
  public func value(_ field: String) throws(RecordError) -> JSON? {
    guard let place = member(field)?.value else { return nil }
    if let known = values.parsed.first(where: { $0.start == place.lowerBound }) { return known.value }
    let text = Bytes(rebasing: line[place])
    let value = try Jansson.parse(text, Int(JSON_DECODE_ANY)) { _ in
      "field \"\(field)\" holds a number that is too large"
    }
    values.parsed.append((place.lowerBound, value))
    return value
  }

  /// A field of the record itself; the last of several counts.
  func ownMember(_ field: String) -> JSONScanner.Member? {
    var field = field
    return field.withUTF8 { ownMember($0) }
  }

  @inline(__always)
  func ownMember(_ field: Bytes) -> JSONScanner.Member? {
    members.lastIndex { $0.hasKey(field, in: line) }.map { members[$0] }
  }

  /// The text of a field's value, for reading without Jansson: known to be valid, and without escapes in strings.
  func plainValue(_ field: String) -> Bytes? {
    guard let member = member(field), !member.hasEscapes else { return nil }
    return Bytes(rebasing: line[member.value])
  }

  /// The JSON text of a field's value as it stands in the line, which must outlive it; nil when the record has none of
  /// the name.
  public func json(_ field: String) -> Bytes? {
    member(field).map { Bytes(rebasing: line[$0.value]) }
  }

  /// Whether a field is there and holds a string.
  public func isString(_ field: String) -> Bool { json(field)?.first == UInt8(ascii: "\"") }

  /// Whether a field is there and holds a list.
  public func isList(_ field: String) -> Bool { json(field)?.first == UInt8(ascii: "[") }

  /// The value of a field that must be there.
  public func required(_ field: String) throws(RecordError) -> JSON {
    guard let value = try value(field) else { throw RecordError("field \"\(field)\" is missing") }
    return value
  }

  /// The UTF-8 bytes of a field that must be a string. They live as long as the record.
  public func text(_ field: String) throws(RecordError) -> Bytes {
    if let member = member(field), line[member.value.lowerBound] == UInt8(ascii: "\"") {
      let text = Bytes(rebasing: line[member.value].dropFirst().dropLast())
      return member.hasEscapes ? values.unescaped(text) : text
    }
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

  /// The numbers of a field that holds a list of lists of integers; nil for a list of anything else, or none.
  public func integerLists(_ field: String) throws(RecordError) -> [[Int]]? {
    if let rows = numberRows(field) {
      guard rows.isNested else { return nil }
      if rows.values.allSatisfy({ $0.rounded() == $0 }) {
        var start = 0
        return rows.lengths.map { length in
          defer { start += length }
          return rows.values[start..<start + length].map { Int($0) }
        }
      }
    }
    guard let items = try required(field).items, items.first?.items != nil else { return nil }
    var lists: [[Int]] = []
    for item in items {
      guard let list = item.integers else { throw wrongType(field, "a list of lists of integers", item) }
      lists.append(list)
    }
    return lists
  }

  /// The error for a field (or an item of its list) of another type than `expected`.
  public func wrongType(_ field: String, _ expected: String, _ item: JSON? = nil) -> RecordError {
    if let item { return RecordError("field \"\(field)\" must be \(expected), but an item is \(item.kind)") }
    let value = try? value(field)
    let other = expected == "a list of numbers" ? value?.items?.first { $0.number == nil } : nil
    if let other { return RecordError("field \"\(field)\" must be \(expected), but an item is \(other.kind)") }
    return RecordError("field \"\(field)\" must be \(expected), not \(value?.kind ?? "missing")")
  }
}

/// Jansson's words for what is wrong.
func message(of problem: json_error_t) -> String {
  let text = withUnsafeBytes(of: problem.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  return text.hasPrefix("\\u0000 is not allowed") ? "a string holds the NUL character \\u0000" : text
}
