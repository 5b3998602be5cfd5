/// Replaces Twitter handles by a space, as NLTK's `remove_handles` does.
///
/// A handle is `@` and 1 to 20 (from NLTK 3.6.3 on 15) of `[A-Za-z0-9_]`, not after such a character or one of `!@#$%&*`,
/// and not followed by an `@` (directly, or behind more such characters when it is shorter than that).
enum HandleRemover {
  /// Appends `text` to `output` with each handle replaced by a space, so that its neighbours stay apart.
  static func remove(from text: Bytes, longest: Int, to output: inout RewrittenText.Output) {
    var (index, kept) = (0, 0)
    while true {
      index = text.index(of: UInt8(ascii: "@"), or: UInt8(ascii: "@"), from: index)
      guard index < text.count else { break }
      guard index == 0 || !mayNotPrecede(text[index - 1]) else {
        index += 1
        continue
      }
      var end = index + 1
      while end < text.count, isNameCharacter(text[end]) { end += 1 }
      let length = end - index - 1
      let isBeforeAt = end < text.count && text[end] == UInt8(ascii: "@")
      if length == 0 || (length <= longest && isBeforeAt) {
        index = end
      } else {
        output.append(text, kept, index)
        kept = index + min(length, longest) + 1
        output.append(scalar: 0x20, from: index..<kept)
        index = kept
      }
    }
    output.append(text, kept, text.count)
  }

  private static func isNameCharacter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (byte < 0x80 && CharacterSet.ofASCII(byte).meets(.domain))
  }

  private static func mayNotPrecede(_ byte: UInt8) -> Bool {
    isNameCharacter(byte) || "!@#$%&*".utf8.contains(byte)
  }
}
