import Filters
import Testing

@Suite struct MessageTests {
  /// What a file holds once commanded the terminal of who read the message.
  @Test func whatIsNoVisibleCharacterIsWrittenOut() {
    #expect(visible("field \"é東🙂\" \\ ok") == "field \"é東🙂\" \\ ok")
    #expect(visible("a\u{1b}[31mb\u{7f}\u{9b}c\n\t\0") == "a\\u{1b}[31mb\\u{7f}\\u{9b}c\\u{a}\\u{9}\\u{0}")
    for code: UInt32 in [
      0x200b, 0x200e, 0x200f, 0x202a, 0x202e, 0x2028, 0x2060, 0x2066, 0x2069, 0xfeff, 0x61c, 0xe0041,
    ] {
      #expect(visible("a\(Unicode.Scalar(code)!)b") == "a\\u{\(String(code, radix: 16))}b")
    }
    #expect(visible("a\nb\u{1b}", keepsLines: true) == "a\nb\\u{1b}")
    #expect(visible("m\u{10ffff}\u{10ff80}") == "m\\xff\\x80")
  }
}
