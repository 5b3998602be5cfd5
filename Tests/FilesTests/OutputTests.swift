import Files
import Foundation
import TestSupport
import Testing

@Suite struct OutputTests {
  /// Nothing is written before there is enough, or it is asked for; and a failure names the file.
  @Test func outputIsBufferedUntilItIsFlushed() throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/file"
      let descriptor = open(file, O_WRONLY | O_CREAT, 0o666)
      var output = Output(descriptor: descriptor, name: "file")
      output.bytes = [0x61]
      try output.flushIfFull()
      #expect(try WholeFile.read(file) == [])
      output.bytes += [UInt8](repeating: 0x62, count: 1 << 16)
      try output.flushIfFull()
      #expect(try WholeFile.read(file).count == 1 + 1 << 16 && output.bytes.isEmpty)
      output.bytes = [0x63]
      try output.close()
      #expect(try WholeFile.read(file).last == 0x63)
      var unbuffered = Output(descriptor: open(file, O_RDONLY), name: "reading", unbuffered: true)
      unbuffered.bytes = [0x61]
      do throws(FileError) {
        try unbuffered.flushIfFull()
        Issue.record("a file that is open for reading was written")
      } catch {
        #expect("\(error)" == "reading: Bad file descriptor")
      }
    }
  }
}
