import Files
import Foundation
import TestSupport
import Testing

@Suite struct WholeFileTests {
  @Test func bytesAndTextAreRead() throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/file"
      let long = [UInt8](repeating: 7, count: 200_000)
      try OutputFile(file).write(long)
      #expect(try WholeFile.read(file) == long)
      try OutputFile(file).write([0xef, 0xbb, 0xbf, 0x61])
      #expect(try WholeFile.read(file).count == 4 && WholeFile.readText(file) == [0x61])
      try OutputFile(file).write([0xff, 0xfe, 0x61, 0])
      #expect(performing { try WholeFile.readText(file) }?.contains("UTF-16") == true)
    }
  }

  @Test func whatHasNoEndOrIsNotThereIsRefused() {
    #expect(performing { try WholeFile.read("/no/such/file") } == "/no/such/file: No such file or directory")
    #expect(performing { try WholeFile.read("/dev/zero") }?.contains("without an end") == true)
  }
}
