import CJansson
import Files

/// A JSON value inside a document, which must outlive it.
public struct JSON {
  let pointer: UnsafeMutablePointer<json_t>

  init(_ pointer: UnsafeMutablePointer<json_t>) { self.pointer = pointer }

  /// What the value is, for messages: `a string`, `null`, …
  public var kind: String {
    switch pointer.pointee.type {
    case JSON_OBJECT: "an object"
    case JSON_ARRAY: "a list"
    case JSON_STRING: "a string"
    case JSON_INTEGER, JSON_REAL: "a number"
    case JSON_TRUE, JSON_FALSE: "a truth value"
    default: "null"
    }
  }

  /// The value's UTF-8 bytes if it is a string.
  public var text: Bytes? {
    guard pointer.pointee.type == JSON_STRING, let start = json_string_value(pointer) else { return nil }
    return start.withMemoryRebound(to: UInt8.self, capacity: json_string_length(pointer)) {
      Bytes(start: $0, count: json_string_length(pointer))
    }
  }

  /// The value as a String if it is a string.
  public var string: String? { text.map { String(decoding: $0, as: UTF8.self) } }

  /// The value if it is a number.
  public var number: Double? {
    switch pointer.pointee.type {
    case JSON_REAL, JSON_INTEGER: json_number_value(pointer)
    default: nil
    }
  }

  /// The value if it is a whole number that a Double holds exactly.
  public var integer: Int? {
    guard let number, abs(number) <= 0x1p53 else { return nil }
    return Int(exactly: number)
  }

  /// The value if it is `true` or `false`.
  public var truth: Bool? {
    switch pointer.pointee.type {
    case JSON_TRUE: true
    case JSON_FALSE: false
    default: nil
    }
  }

  /// The value's items if it is a list.
  public var items: Items? { pointer.pointee.type == JSON_ARRAY ? Items(array: pointer) : nil }

  /// The value of a key if it is an object that has the key.
  public subscript(key: String) -> JSON? { json_object_get(pointer, key).map(JSON.init) }

  /// The keys and values, in the order in which they were written, if it is an object.
  public var members: [(key: String, value: JSON)]? {
    guard pointer.pointee.type == JSON_OBJECT else { return nil }
    var members: [(String, JSON)] = []
    var iterator = json_object_iter(pointer)
    while let member = iterator {
      members.append((String(cString: json_object_iter_key(member)), JSON(json_object_iter_value(member))))
      iterator = json_object_iter_next(pointer, member)
    }
    return members
  }

  /// The strings if it is a list of strings.
  public var strings: [String]? { list { $0.string } }

  /// The whole numbers if it is a list of them.
  public var integers: [Int]? { list { $0.integer } }

  /// The numbers if it is a list of them.
  public var numbers: [Double]? { list { $0.number } }

  /// The keys and strings if it is an object of strings.
  public var texts: [String: String]? {
    guard let members else { return nil }
    var texts: [String: String] = [:]
    for (key, value) in members {
      guard let text = value.string else { return nil }
      texts[key] = text
    }
    return texts
  }

  /// What `read` makes of the items, if it is a list and none is nil.
  private func list<Item>(_ read: (JSON) -> Item?) -> [Item]? {
    guard let items else { return nil }
    var list: [Item] = []
    list.reserveCapacity(items.count)
    for item in items {
      guard let value = read(item) else { return nil }
      list.append(value)
    }
    return list
  }

  /// A list's items.
  public struct Items: RandomAccessCollection {
    let array: UnsafeMutablePointer<json_t>
    public var startIndex: Int { 0 }
    public var endIndex: Int { json_array_size(array) }
    public subscript(index: Int) -> JSON { JSON(json_array_get(array, index)) }
  }
}

/// A JSON text held in memory, of any kind of value.
public struct JSONDocument: ~Copyable {
  /// The outermost value.
  public let root: JSON

  /// Parses `text`.
  /// - Parameter allowsDuplicates: Whether an object may have a key twice; the last value counts then.
  /// - Throws: `RecordError` with the reason and its line and column.
  public init(_ text: Bytes, allowsDuplicates: Bool = false) throws(RecordError) {
    root = try Self.parse(text, allowsDuplicates)
  }

  private static func parse(_ text: Bytes, _ allowsDuplicates: Bool) throws(RecordError) -> JSON {
    var scanner = JSONScanner(text)
    let isJSON = scanner.isValue()
    let flags = Int(JSON_DECODE_ANY) | (allowsDuplicates ? 0 : Int(JSON_REJECT_DUPLICATES))
    let root = try Jansson.parse(text, flags) { problem in
      let position = "at line \(problem.line), column \(problem.column)"
      return problem.code == json_error_duplicate_key
        ? "a key stands in an object twice \(position)" : "not JSON: \(message(of: problem)) \(position)"
    }
    guard isJSON else {
      json_decref(root.pointer)
      throw RecordError("not JSON at byte \(scanner.index)")
    }
    return root
  }

  /// Parses `text`.
  public init(_ text: String, allowsDuplicates: Bool = false) throws(RecordError) {
    let bytes = Array(text.utf8)
    var result: Result<JSON, RecordError>?
    bytes.withUnsafeBufferPointer { bytes in
      result = Result { () throws(RecordError) in try Self.parse(bytes, allowsDuplicates) }
    }
    root = try result!.get()
  }

  deinit { json_decref(root.pointer) }
}

/// The reader of values. It takes a NUL behind a number or a word for an end and goes on, so that what it passes is not
/// always JSON: the scanner decides that.
enum Jansson {
  /// The value of a text, which the caller gives back with `json_decref`. Whole numbers are read as real ones: 64 bits
  /// do not hold every integer in people's data.
  static func parse(
    _ text: Bytes, _ flags: Int, _ describe: (json_error_t) -> String
  ) throws(RecordError) -> JSON {
    var problem = json_error_t()
    let parsed = text.withMemoryRebound(to: CChar.self) {
      json_loadb($0.baseAddress, $0.count, flags | Int(JSON_DECODE_INT_AS_REAL), &problem)
    }
    guard let parsed else { throw RecordError(describe(problem)) }
    return JSON(parsed)
  }
}

extension json_error_t {
  /// What kind of mistake it is.
  var code: json_error_code { withUnsafePointer(to: self) { json_error_code($0) } }
}
