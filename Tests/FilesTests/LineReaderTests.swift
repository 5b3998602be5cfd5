import Files
import Foundation
import TestSupport
import Testing

@Suite struct LineReaderTests {
  /// The lines of files with these contents as `number:text`; `-` for a line that is too long.
  func lines(_ contents: [Data], maxLine: Int = 1 << 20) throws -> [String] {
    try inTemporaryFolder { folder in try lines(contents, maxLine: maxLine, folder) }
  }

  private func lines(_ contents: [Data], maxLine: Int, _ folder: String) throws -> [String] {
    let files = try contents.indices.map { index in
      try contents[index].write(to: URL(fileURLWithPath: "\(folder)/\(index)"))
      return "\(folder)/\(index)"
    }
    var reader = LineReader(files: files, maxLine: maxLine)
    #expect(reader.totalSize == contents.reduce(0) { $0 + $1.count })
    let block = LineBlock()
    var lines: [String] = []
    while try reader.next(into: block) {
      let once = self.lines(of: block)
      block.rewind()
      #expect(self.lines(of: block) == once, "a block that is looked at again")
      lines += once
    }
    return lines
  }

  private func lines(of block: LineBlock) -> [String] {
    var lines: [String] = []
    while let line = block.nextLine() {
      lines.append("\(line.number):" + (line.bytes.map { String(decoding: $0, as: UTF8.self) } ?? "-"))
    }
    return lines
  }

  @Test func endsOfLinesOfEveryKind() throws {
    #expect(try lines([Data("a\nb\r\n\n \t\nc".utf8)]) == ["1:a", "2:b", "5:c"])
    #expect(try lines([Data("a\n".utf8), Data(), Data("\n\nb".utf8)]) == ["1:a", "3:b"])
    #expect(try lines([Data()]) == [])
    #expect(try lines([Data("\r\n".utf8)]) == [])
  }

  /// Whoever stops reading in the middle, because of a bad line for example, leaves no file open.
  @Test func aReaderThatIsDroppedClosesItsFile() throws {
    try inTemporaryFolder { try closesItsFile("\($0)/lines") }
  }

  private func closesItsFile(_ file: String) throws {
    try Data("a\nb\n".utf8).write(to: URL(fileURLWithPath: file))
    func isOpen() throws -> Bool {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").contains {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == file
      }
    }
    func readOne() throws {
      var reader = LineReader(files: [file], maxLine: 100)
      #expect(try reader.next(into: LineBlock()))
      #expect(try isOpen())
    }
    try readOne()
    #expect(try !isOpen())
  }

  @Test func linesLongerThanABlockAreWhole() throws {
    let long = String(repeating: "x", count: 700_000)
    #expect(try lines([Data("a\n\(long)\nb\n\(long)".utf8)]) == ["1:a", "2:\(long)", "3:b", "4:\(long)"])
  }

  @Test func aLineThatIsTooLongIsLeftOutAndCounted() throws {
    let long = String(repeating: "x", count: 3_000_000)
    #expect(try lines([Data("a\n\(long)\nb\n".utf8)]) == ["1:a", "2:-", "3:b"])
    #expect(try lines([Data("\(long)\n\(long)\nb".utf8)]) == ["1:-", "2:-", "3:b"])
    #expect(try lines([Data("a\n\(long)".utf8), Data("b".utf8)]) == ["1:a", "2:-", "1:b"])
  }

  @Test func numbersHoldOverManyBlocks() throws {
    let text = (1...200_000).map { "\($0)" }.joined(separator: "\n")
    #expect(try lines([Data(text.utf8)]).allSatisfy { $0.split(separator: ":")[0] == $0.split(separator: ":")[1] })
  }

  /// The mark was an invisible character of the first token, or of a message that nobody understood.
  @Test func theMarkOfUTF8IsNoPartOfTheFirstLine() throws {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    #expect(try lines([Data(mark + "a\nb".utf8), Data(mark + "c".utf8), Data(mark)]) == ["1:a", "2:b", "1:c"])
    #expect(try lines([Data(mark + "\n".utf8 + mark + "a".utf8)]) == ["2:\u{feff}a"])
    #expect(try lines([Data(mark + String(repeating: "x", count: 3_000_000).utf8 + "\na".utf8)]) == ["1:-", "2:a"])
    for wrong: [UInt8] in [[0xff, 0xfe, 0x61, 0], [0xfe, 0xff, 0, 0x61], [0, 0, 0xfe, 0xff]] {
      #expect(performing { try lines([Data(wrong)]) }?.contains("UTF-16") == true)
    }
  }

  /// `maxLine + 1` was beyond 64 bits.
  @Test func theLongestLineMayBeAnyNumber() throws {
    #expect(try lines([Data("a\n\(String(repeating: "x", count: 700_000))\n".utf8)], maxLine: .max).count == 2)
  }

  @Test func aFileThatIsNotThereIsNamed() {
    var reader = LineReader(files: ["/no/such/file"], maxLine: 10)
    let block = LineBlock()
    #expect(performing { try reader.next(into: block) } == "/no/such/file: No such file or directory")
    #expect(reader.totalSize == nil)
  }
}
