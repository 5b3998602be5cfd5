import Files

/// Writing JSON text straight into an output buffer.
extension [UInt8] {
  /// Appends the bytes of an ASCII or UTF-8 literal.
  @inline(__always)
  public mutating func append(_ text: StaticString) {
    append(contentsOf: Bytes(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Appends a JSON string: quotes, and what JSON requires to be escaped; other characters stay as they are.
  public mutating func appendJSON(_ text: Bytes) {
    append(UInt8(ascii: "\""))
    var (copied, index) = (0, text.endOfPlainText(from: 0))
    while index < text.count {
      let byte = text[index]
      index += 1
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
      append(contentsOf: Bytes(rebasing: text[copied..<index - 1]))
      copied = index
      append(UInt8(ascii: "\\"))
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
      case UInt8(ascii: "\n"): append(UInt8(ascii: "n"))
      case UInt8(ascii: "\r"): append(UInt8(ascii: "r"))
      case UInt8(ascii: "\t"): append(UInt8(ascii: "t"))
      default:
        append("u00")
        append(hexadecimal(byte >> 4))
        append(hexadecimal(byte & 15))
      }
    }
    append(contentsOf: Bytes(rebasing: text[copied...]))
    append(UInt8(ascii: "\""))
  }

  /// Appends a JSON string.
  public mutating func appendJSON(_ text: String) {
    var text = text
    text.withUTF8 { appendJSON($0) }
  }

  /// Appends an integer.
  public mutating func appendJSON(_ value: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { text in
      var start = 20
      Self.write(value, before: &start, in: text)
      append(contentsOf: UnsafeMutableBufferPointer(rebasing: text[start...]))
    }
  }

  /// Appends a range as the list of its bounds.
  public mutating func appendJSON(_ range: Range<Int>) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 43) { text in
      var start = 42
      text[start] = UInt8(ascii: "]")
      Self.write(range.upperBound, before: &start, in: text)
      start -= 1
      text[start] = UInt8(ascii: ",")
      Self.write(range.lowerBound, before: &start, in: text)
      start -= 1
      text[start] = UInt8(ascii: "[")
      append(contentsOf: UnsafeMutableBufferPointer(rebasing: text[start...]))
    }
  }

  /// Writes an integer in front of what begins at `start`.
  @inline(__always)
  private static func write(_ value: Int, before start: inout Int, in text: UnsafeMutableBufferPointer<UInt8>) {
    var magnitude = value.magnitude
    repeat {
      start -= 1
      text[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
      magnitude /= 10
    } while magnitude > 0
    if value < 0 {
      start -= 1
      text[start] = UInt8(ascii: "-")
    }
  }

  /// Appends a number with the fewest digits that give it back when read as the same type. What JSON has no number
  /// for becomes null.
  @inlinable
  public mutating func appendJSON<Value: BinaryFloatingPoint & CustomStringConvertible>(_ value: Value) {
    guard value.isFinite else { return append("null") }
    var text = value.description
    text.withUTF8 { append(contentsOf: $0) }
  }

  /// Appends a list, each item by `write`.
  @inlinable
  public mutating func appendJSON<Items: Sequence>(
    list items: Items, _ write: (inout [UInt8], Items.Element) -> Void
  ) {
    append(UInt8(ascii: "["))
    var isFirst = true
    for item in items {
      if !isFirst { append(UInt8(ascii: ",")) }
      isFirst = false
      write(&self, item)
    }
    append(UInt8(ascii: "]"))
  }

  /// Appends the object of one field that holds a line of plain text.
  /// - Throws: `RecordError` when the line is not UTF-8 or holds a NUL.
  public mutating func appendObject(field: String, text: Bytes) throws(RecordError) {
    try text.checkPlainText()
    appendObject { $0.add(field) { $0.appendJSON(text) } }
  }

  private func hexadecimal(_ digit: UInt8) -> UInt8 {
    digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}

extension Bytes {
  /// - Throws: `RecordError` when a line of plain text is not UTF-8 or holds a NUL.
  public func checkPlainText() throws(RecordError) {
    if contains(0) { throw RecordError("the line holds a NUL character") }
    guard (try? UTF8Span(validating: span)) != nil else {
      throw RecordError("the line is not UTF-8 (iconv -f LATIN1 -t UTF-8, if it is Latin-1)")
    }
  }
}
