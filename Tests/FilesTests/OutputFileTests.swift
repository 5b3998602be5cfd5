import Files
import Foundation
import TestSupport
import Testing

@Suite struct OutputFileTests {
  func write(_ text: String, to file: String) throws {
    try OutputFile(file).write { output throws(FileError) in output.bytes = Array(text.utf8) }
  }

  func text(_ file: String) throws -> String { String(decoding: try WholeFile.read(file), as: UTF8.self) }

  /// As `-` is standard input where files are read.
  @Test func aDashIsStandardOutput() throws {
    let output = try OutputFile("-")
    #expect(output.isStandardOutput && output.path == nil && output.name == "-")
    #expect(try OutputFile("./-").path == "./-")
  }

  @Test func aFileIsReplacedAndKeepsItsPermissions() throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/file"
      try write("one", to: file)
      chmod(file, 0o640)
      try write("two", to: file)
      var status = stat()
      #expect(stat(file, &status) == 0 && status.st_mode & 0o7777 == 0o640)
      #expect(try text(file) == "two" && FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }

  @Test func aFailureLeavesWhatWasThere() throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/file"
      try write("one", to: file)
      #expect(throws: FileError.self) {
        try OutputFile(file).write { output throws(FileError) in
          output.bytes = [0x61]
          try output.flush()
          throw FileError(file, "no more")
        }
      }
      #expect(throws: FileError.self) {
        try OutputFile(file).write(isWhole: { () throws(FileError) in throw FileError(file, "no") }) { _ in }
      }
      #expect(try text(file) == "one" && FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }

  @Test func whatIsWholeIsKnownBeforeItTakesThePlace() throws {
    try inTemporaryFolder { folder in
      let file = "\(folder)/file"
      try write("one", to: file)
      var before = ""
      try OutputFile(file).write(isWhole: { () throws(FileError) in before = (try? text(file)) ?? "" }) {
        output throws(FileError) in output.bytes = Array("two".utf8)
      }
      #expect(try before == "one" && text(file) == "two")
    }
  }

  @Test(arguments: [true, false]) func linksAreFollowed(_ isThere: Bool) throws {
    try inTemporaryFolder { folder in
      mkdir("\(folder)/there", 0o777)
      if isThere { try write("one", to: "\(folder)/there/file") }
      symlink("there/file", "\(folder)/inner")
      symlink("\(folder)/inner", "\(folder)/outer")
      try write("two", to: "\(folder)/outer")
      #expect(try text("\(folder)/there/file") == "two")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/inner") == "there/file")
      #expect(try OutputFile("\(folder)/outer").isSame(as: OutputFile("\(folder)/there/file")))
      #expect(try !OutputFile("\(folder)/outer").isSame(as: OutputFile("\(folder)/there/other")))
    }
  }

  @Test func whatCannotBeWrittenIsRefused() throws {
    try inTemporaryFolder { folder in
      symlink("b", "\(folder)/a")
      symlink("a", "\(folder)/b")
      symlink(folder, "\(folder)/folder")
      for file in ["", folder, "\(folder)/", "\(folder)/folder", "\(folder)/a", "/proc/self/fd/0x", "/dev/fd/9999"] {
        #expect(throws: FileError.self, "\(file)") { try OutputFile(file).check() }
      }
      for file in ["none/file", "none/", String(repeating: "x", count: 250)] {
        let file = try OutputFile("\(folder)/\(file)")
        #expect(throws: FileError.self) { try file.check() }
        #expect(throws: FileError.self) { try file.write { _ in } }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a", "b", "folder"])
    }
  }

  @Test func pipesAndDescriptorsAreWrittenThrough() throws {
    try inTemporaryFolder { folder in
      let pipe = "\(folder)/pipe"
      mkfifo(pipe, 0o666)
      let reading = open(pipe, O_RDONLY | O_NONBLOCK)
      #expect(try OutputFile(pipe).path == nil)
      try OutputFile(pipe).check()
      try write("one", to: pipe)
      var buffer = [UInt8](repeating: 0, count: 9)
      #expect(read(reading, &buffer, 9) == 3 && buffer.prefix(3) == Array("one".utf8)[...])
      close(reading)
      var status = stat()
      #expect(stat(pipe, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)

      let descriptor = open("\(folder)/file", O_WRONLY | O_CREAT, 0o666)
      for text in ["one", "two"] { try write(text, to: "/dev/fd/\(descriptor)") }
      close(descriptor)
      #expect(try text("\(folder)/file") == "onetwo")
    }
  }

  @Test func namesNeedNotBeUTF8() throws {
    try inTemporaryFolder { folder in
      let name = [UInt8]("\(folder)/".utf8) + [0xff, 0x61]
      let file = (name + [0]).withUnsafeBufferPointer { bytes in
        bytes.withMemoryRebound(to: CChar.self) { FileName.string($0.baseAddress!) }
      }
      try write("one", to: file)
      #expect(access(name.map { CChar(bitPattern: $0) } + [0], F_OK) == 0)
    }
  }
}
