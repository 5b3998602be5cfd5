import Files
import Foundation
import JSONLines
import TestSupport
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

  /// Whoever stops reading in the middle, because of a bad line for example, leaves no file open.
  @Test func aReaderThatIsDroppedClosesItsFile() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("lines-\(UUID().uuidString)").path
    try Data("a\nb\n".utf8).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
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

  @Test func aFileThatIsNotThereIsNamed() {
    var reader = LineReader(files: ["/no/such/file"], maxLine: 10)
    let block = LineBlock()
    #expect(performing { try reader.next(into: block) } == "/no/such/file: No such file or directory")
    #expect(reader.totalSize == nil)
  }
}
