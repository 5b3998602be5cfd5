/// What places in a text are counted in.
public enum OffsetUnit: String, Sendable, CaseIterable {
  /// Unicode scalars, as Python counts characters.
  case scalars
  /// Code units of UTF-16, as JavaScript and Java count.
  case utf16
  /// Bytes of UTF-8.
  case bytes
}

/// Counts on from place to place of a text.
struct OffsetCounter {
  private let text: Bytes
  private let unit: OffsetUnit
  private var index = 0
  private var count = 0

  init(_ text: Bytes, _ unit: OffsetUnit) {
    // Where all characters are ASCII, all units are alike.
    (self.text, self.unit) = (text, text.allSatisfy { $0 < 0x80 } ? .bytes : unit)
  }

  /// The place of the byte at `index`, which must not be before the one asked for last.
  mutating func offset(of index: Int) -> Int {
    if unit == .bytes { return index }
    while self.index < index {
      let byte = text[self.index]
      self.index += 1
      // Bytes that go on with a character are not counted, and a character of four bytes has two units.
      if byte & 0xc0 != 0x80 { count += unit == .utf16 && byte >= 0xf0 ? 2 : 1 }
    }
    return count
  }
}
