import Files
import Testing

@Suite struct FileNameTests {
  /// A name that is no UTF-8 was looked for under another name.
  @Test func namesAreBytes() throws {
    let names: [[CChar]] = [
      Array("plain é \u{10ff85}\u{10ffff}".utf8CString), [0x61, -1, -61, 0x2e, -16, -97, -104, 0], [-19, -96, -128, 0],
      [0],
    ]
    for name in names {
      let string = name.withUnsafeBufferPointer { FileName.string($0.baseAddress!) }
      let back = FileName.withCString(of: string) { Array(UnsafeBufferPointer(start: $0, count: name.count)) }
      #expect(back == name)
    }
    #expect("é".withCString { FileName.string($0) } == "é")
  }
}
