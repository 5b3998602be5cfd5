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
    append(0x22)
    var (copied, index) = (0, text.endOfPlainText(from: 0))
    while index < text.count {
      let byte = text[index]
      index += 1
      guard byte < 0x20 || byte == 0x22 || byte == 0x5c else { continue }
      append(contentsOf: Bytes(rebasing: text[copied..<index - 1]))
      copied = index
      append(0x5c)
      switch byte {
      case 0x22, 0x5c: append(byte)
      case 0x0a: append(0x6e)  // n
      case 0x0d: append(0x72)  // r
      case 0x09: append(0x74)  // t
      default:
        append("u00")
        append(hexadecimal(byte >> 4))
        append(hexadecimal(byte & 15))
      }
    }
    append(contentsOf: Bytes(rebasing: text[copied...]))
    append(0x22)
  }

  /// Appends a JSON string.
  public mutating func appendJSON(_ text: String) {
    var text = text
    text.withUTF8 { appendJSON($0) }
  }

  /// Appends an integer.
  public mutating func appendJSON(_ value: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var (start, magnitude) = (20, value.magnitude)
      repeat {
        start -= 1
        digits[start] = 0x30 + UInt8(truncatingIfNeeded: magnitude % 10)
        magnitude /= 10
      } while magnitude > 0
      if value < 0 {
        start -= 1
        digits[start] = 0x2d
      }
      append(contentsOf: UnsafeMutableBufferPointer(rebasing: digits[start...]))
    }
  }

  /// Appends a number with the fewest digits that give it back when read as the same type. What JSON has no number
  /// for becomes null.
  public mutating func appendJSON<Value: BinaryFloatingPoint & CustomStringConvertible>(_ value: Value) {
    guard value.isFinite else { return append("null") }
    append(contentsOf: value.description.utf8)
  }

  /// Appends a list, each item by `write`.
  @inlinable
  public mutating func appendJSON<Items: Sequence>(
    list items: Items, _ write: (inout [UInt8], Items.Element) -> Void
  ) {
    append(0x5b)
    var isFirst = true
    for item in items {
      if !isFirst { append(0x2c) }
      isFirst = false
      write(&self, item)
    }
    append(0x5d)
  }

  /// Appends a record of one field that holds a line of plain text.
  /// - Throws: `RecordError` when the line is not UTF-8 or holds a NUL.
  public mutating func appendRecord(field: String, text: Bytes) throws(RecordError) {
    if text.contains(0) { throw RecordError("the line holds a NUL character") }
    guard (try? UTF8Span(validating: text.span)) != nil else { throw RecordError("the line is not UTF-8") }
    append(0x7b)
    appendJSON(field)
    append(0x3a)
    appendJSON(text)
    append(0x7d)
  }

  private func hexadecimal(_ digit: UInt8) -> UInt8 { digit < 10 ? 0x30 + digit : 0x57 + digit }
}
