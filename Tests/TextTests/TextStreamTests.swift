import Testing
import Text

@Suite struct TextStreamTests {
  /// What a stream of bytes gives for each, and at the end.
  func pieces(_ bytes: [UInt8], stop: String = "") -> [String] {
    var stream = TextStream(CharacterEncoding(), stop: stop)
    return bytes.map { stream.push(Int($0)) } + [stream.finish()]
  }

  @Test func charactersComeWhole() {
    #expect(pieces(Array("aé".utf8)) == ["a", "", "é", ""])
    #expect(pieces([0xf0, 0x9f, 0x98, 0x80]) == ["", "", "", "😀", ""])
    #expect(pieces([0xc3]) == ["", "\u{fffd}"])
  }

  /// What may become the stop string waits; the string is no part of the text.
  @Test func theStopStringEndsTheText() {
    #expect(pieces(Array("xabay".utf8), stop: "abc") == ["x", "", "", "ab", "ay", ""])
    var stream = TextStream(CharacterEncoding(), stop: "ab")
    let text = "xab".utf8.map { stream.push(Int($0)) }
    #expect(text == ["x", "", ""] && stream.isStopped)
  }
}
