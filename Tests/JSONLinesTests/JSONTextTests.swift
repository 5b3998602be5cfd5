import JSONLines
import TestSupport
import Testing

@Suite struct JSONTextTests {
  @Test func textIsEscapedAndNumbersAreShort() {
    var output: [UInt8] = []
    output.appendJSON("a\"b\\c\n\r\t\u{1}\u{1f}é😀\u{7f}")
    output.appendJSON(-120)
    output.appendJSON(Int.min)
    output.appendJSON(0)
    output.appendJSON(Float(0.1))
    output.appendJSON(Double.nan)
    output.appendJSON(Float.infinity)
    #expect(
      String(decoding: output, as: UTF8.self)
        == #""a\"b\\c\n\r\t\u0001\u001fé😀"# + "\u{7f}\"-120-922337203685477580800.1nullnull")
  }

  @Test func aLineOfTextBecomesAnObject() {
    func object(_ line: [UInt8]) -> String? {
      performing {
        var output: [UInt8] = []
        try line.withUnsafeBufferPointer { try output.appendObject(field: "a\"", text: $0) }
        #expect(output == Array(#"{"a\"":"\t"}"#.utf8))
        return output
      }
    }
    #expect(object([0x09]) == nil)
    #expect(object([0x61, 0]) == "the line holds a NUL character")
    #expect(object([0x61, 0xff]) == "the line is not UTF-8 (iconv -f LATIN1 -t UTF-8, if it is Latin-1)")
  }
}
