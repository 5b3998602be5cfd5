import Files
import Foundation
import TestSupport
import Testing

@Suite struct TemporaryFileTests {
  /// A link that waits where the temporary file is to be must not be followed; its name can't be predicted, and what is
  /// there is never opened.
  @Test func temporaryNamesDiffer() throws {
    try inTemporaryFolder { folder in
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
    try inTemporaryFolder { folder in
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
}
