import Files
import Foundation
import TestSupport
import Testing

@Suite struct FileLockTests {
  @Test func aLockIsHeldByOneAndGoesWithHim() throws {
    try inTemporaryFolder { folder in
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
      #expect(try WholeFile.readText("\(file).lock") == Array("{}".utf8))
    }
  }
}
