import JSONLines
import Testing

@Suite struct JSONStringListTests {
  /// Strings of all lengths about those that are looked at at once, with a mark at each place.
  @Test func theListIsThatOfItsStrings() {
    let marks: [String] = ["", "\"", "\\", "\n", "\u{1}", "\u{1f}", " ", "é", "日", "😀", "\u{7f}", "\u{80}"]
    var list = JSONStringList()
    for mark in marks {
      var strings: [String] = []
      for length in 0...20 {
        for place in 0...length {
          strings.append(
            String(repeating: "a", count: place) + mark + String(repeating: "b", count: length - place))
        }
      }
      list.removeAll()
      for var string in strings { string.withUTF8 { list.append($0) } }
      var (output, expected): ([UInt8], [UInt8]) = (Array("x".utf8), Array("x".utf8))
      list.append(to: &output)
      expected.appendJSON(list: strings) { $0.appendJSON($1) }
      #expect(output == expected, "\(mark.debugDescription)")
    }
  }

  @Test func anEmptyListIsOne() {
    var (list, output) = (JSONStringList(), [UInt8]())
    list.append(to: &output)
    Array("a".utf8).withUnsafeBufferPointer { list.append($0) }
    list.removeAll()
    list.append(to: &output)
    #expect(String(decoding: output, as: UTF8.self) == "[][]")
  }

  /// A string that is longer than all memory that the list has.
  @Test func longStringsFit() {
    for mark in ["", "\n"] {
      let text = String(repeating: "a", count: 5000) + mark
      var (list, output, string) = (JSONStringList(), [UInt8](), text)
      string.withUTF8 { list.append($0) }
      list.append(to: &output)
      var expected: [UInt8] = []
      expected.appendJSON(list: [text]) { $0.appendJSON($1) }
      #expect(output == expected)
    }
  }
}
