import Foundation
import Records
import Testing

@Suite struct LineReaderTests {
  /// The lines of files with these contents as `number:text`; `-` for a line that is too long.
  func lines(_ contents: [Data], maxLine: Int = 1 << 20) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lines-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = try contents.indices.map { index in
      let file = folder.appendingPathComponent("\(index)")
      try contents[index].write(to: file)
      return file.path
    }
    var reader = LineReader(files: files, maxLine: maxLine)
    #expect(reader.totalSize == contents.reduce(0) { $0 + $1.count })
    let block = LineBlock()
    var lines: [String] = []
    while try reader.next(into: block) {
      while let line = block.nextLine() {
        lines.append("\(line.number):" + (line.bytes.map { String(decoding: $0, as: UTF8.self) } ?? "-"))
      }
    }
    return lines
  }

  @Test func endsOfLinesOfEveryKind() throws {
    #expect(try lines([Data("a\nb\r\n\n \t\nc".utf8)]) == ["1:a", "2:b", "5:c"])
    #expect(try lines([Data("a\n".utf8), Data(), Data("\n\nb".utf8)]) == ["1:a", "3:b"])
    #expect(try lines([Data()]) == [])
    #expect(try lines([Data("\r\n".utf8)]) == [])
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

  @Test func aFileThatIsNotThereIsNamed() {
    var reader = LineReader(files: ["/no/such/file"], maxLine: 10)
    let block = LineBlock()
    #expect(performing { try reader.next(into: block) } == "/no/such/file: No such file or directory")
    #expect(reader.totalSize == nil)
  }
}
