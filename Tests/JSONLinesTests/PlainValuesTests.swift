import JSONLines
import TestSupport
import Testing

@Suite struct PlainValuesTests {
  /// What is read without Jansson is read as with it; `JSONScannerTests` compares the two.
  @Test func listsOfNumbersKeepTheirShape() throws {
    var line = #"{"a":[1,-2.5],"b":[[1,2],[3]],"c":[],"d":[[1],2],"e":[1e3],"f":"x","g":[[]]}"#
    try line.withUTF8 { bytes in
      let record = try Record(bytes)
      let (a, b, c) = (record.numberRows("a"), record.numberRows("b"), record.numberRows("c"))
      #expect(a?.values == [1, -2.5] && a?.lengths == [2] && a?.isNested == false)
      #expect(b?.values == [1, 2, 3] && b?.lengths == [2, 1] && b?.isNested == true)
      #expect(c?.values == [] && c?.isNested == false)
      let (d, e, f, none) = (
        record.numberRows("d"), record.numberRows("e"), record.numberRows("f"), record.numberRows("none")
      )
      #expect(d == nil && e == nil && f == nil && none == nil)
      #expect(record.numberRows("g")?.lengths == [0])
    }
  }
}
