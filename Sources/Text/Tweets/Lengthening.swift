/// Shortens runs of one character to three, as NLTK's `reduce_lengthening` and `HANG_RE` do together.
enum Lengthening {
  /// Whether a character beyond ASCII stands four times in a row. (`FoundSigns` knows of the others.)
  static func isFoundBeyondASCII(in text: Bytes) -> Bool {
    var index = 0
    while index < text.count {
      if text[index] < 0x80 {
        index += 1
        continue
      }
      let (scalar, length) = text.scalar(at: index)
      let last = index + 3 * length
      if last < text.count, text.scalar(at: index + length) == (scalar, length),
        text.scalar(at: index + 2 * length) == (scalar, length), text.scalar(at: last) == (scalar, length)
      {
        return true
      }
      index += length
    }
    return false
  }

  /// Which runs stay as they are.
  enum Kept {
    /// None.
    case none
    /// Those of `[a-zA-Z0-9]`.
    case ofASCII
    /// Those of `[\p{L}\p{N}]`.
    case ofAllScripts
  }

  /// Appends `text` to `output` with its runs of four or more equal characters shortened, but for those that are kept.
  static func shorten(_ text: Bytes, _ kept: Kept, to output: inout RewrittenText.Output) {
    var (index, copied) = (0, 0)
    while index < text.count {
      let start = index
      if text[start] < 0x80, text[start] != text[unchecked: start + 1] {
        index += 1
        continue
      }
      let (scalar, length) = text.scalar(at: start)
      repeat { index += length } while index < text.count && text.scalar(at: index) == (scalar, length)
      guard index - start > 3 * length, !isKept(scalar, kept) else { continue }
      output.append(text, copied, start)
      output.append(text.slice(start, start + 3 * length), from: start..<index)
      copied = index
    }
    output.append(text, copied, index)
  }

  private static func isKept(_ scalar: UInt32, _ kept: Kept) -> Bool {
    if kept == .none { return false }
    if scalar < 0x80 { return CharacterSet.ofASCII(UInt8(scalar)).meets(.domain) }
    return kept == .ofAllScripts && UnicodeTables.holds(UnicodeTables.letterOrNumber, scalar)
  }
}
