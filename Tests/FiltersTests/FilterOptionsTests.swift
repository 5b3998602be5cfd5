import Filters
import Testing

@Suite struct FilterOptionsTests {
  @Test func byteCountsTakeUnits() {
    #expect(ByteCount(argument: "65536")?.value == 65536)
    #expect(ByteCount(argument: "64K")?.value == 65536)
    #expect(ByteCount(argument: "16m")?.value == 16 << 20)
    #expect(ByteCount(argument: "1G")?.description == "1G")
    #expect(ByteCount(1000).description == "1000")
    for wrong in ["", "K", "-1", "0", "1.5M", "99999999999G", "12X"] { #expect(ByteCount(argument: wrong) == nil) }
  }

  @Test func listsHaveNoEmptyItems() {
    #expect(CommaList(argument: "a,b")?.items == ["a", "b"])
    #expect(CommaList(argument: "a,,b") == nil)
    #expect(CommaList(argument: "") == nil)
  }
}
