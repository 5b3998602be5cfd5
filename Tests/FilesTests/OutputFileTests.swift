import Files
import Foundation
import Testing

@Suite struct OutputFileTests {
  /// A folder that is there while `body` runs.
  func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rivulet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  func write(_ text: String, to file: String) throws {
    try OutputFile(file).write { output throws(FileError) in output.bytes = Array(text.utf8) }
  }

  func text(_ file: String) throws -> String { String(decoding: try WholeFile.read(file), as: UTF8.self) }

  @Test func aFileIsReplacedAndKeepsItsPermissions() throws {
    try inFolder { folder in
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
    try inFolder { folder in
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
    try inFolder { folder in
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
    try inFolder { folder in
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
    try inFolder { folder in
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
    try inFolder { folder in
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

  /// A link that waits where the temporary file is to be must not be followed; its name can't be foretold, and what is there is never
  /// opened.
  @Test func temporaryNamesDiffer() throws {
    try inFolder { folder in
      var names: Set<String> = []
      for _ in 0..<5 {
        try OutputFile("\(folder)/file").write { output throws(FileError) in
          names.formUnion((try? Folder.names(beside: "\(folder)/file").filter { $0.hasSuffix(".tmp") }) ?? [])
        }
      }
      #expect(names.count == 5)
    }
  }

  @Test func leftoversGoAndOtherFilesStay() throws {
    try inFolder { folder in
      let old = "0123456789abcdef.tmp"
      let stay = ["file.1.tmp", "file.x.\(old)", "other.\(old)", "file.0123456789abcdeg.tmp", "file.123.tmp", old]
      for name in stay + ["file.\(old)"] { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
      try OutputFile("\(folder)/file").write { output throws(FileError) in
        // One that is being written is no leftover.
        try OutputFile("\(folder)/file").check()
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == (stay + ["file"]).sorted())
    }
  }

  @Test func namesNeedNotBeUTF8() throws {
    try inFolder { folder in
      let name = [UInt8]("\(folder)/".utf8) + [0xff, 0x61]
      let file = (name + [0]).withUnsafeBufferPointer { bytes in
        bytes.withMemoryRebound(to: CChar.self) { FileName.string($0.baseAddress!) }
      }
      try write("one", to: file)
      #expect(access(name.map { CChar(bitPattern: $0) } + [0], F_OK) == 0)
    }
  }

  @Test func aLockIsHeldByOneAndGoesWithHim() throws {
    try inFolder { folder in
      let file = "\(folder)/file"
      let first = try #require(try FileLock.take(file, name: "file"))
      #expect(first.noteBefore == nil)
      let error = #expect(throws: FileError.self) { _ = try FileLock.take(file, name: "file") }
      #expect(error?.description.hasPrefix("file: process \(getpid()) on ") ?? false)
      first.release()
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)

      let killed = try #require(try FileLock.take(file, name: "file"))
      killed.note("7 log")
      // What is left of a process that was killed: the file, without the lock.
      let left = try Data(contentsOf: URL(fileURLWithPath: "\(file).lock"))
      killed.release()
      // Killed while it noted something shorter than what was there; the note was lost once, and reports stood twice.
      try (left + Data("ger.log\n".utf8)).write(to: URL(fileURLWithPath: "\(file).lock"))
      let next = try #require(try FileLock.take(file, name: "file"))
      #expect(next.noteBefore == "7 log")
      next.release()
      try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(file).lock"))
      #expect(throws: FileError.self) { _ = try FileLock.take(file, name: "file") }
      #expect(try text("\(file).lock") == "{}")
    }
  }
}
