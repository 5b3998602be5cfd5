import Files
import Models
import TestSupport
import Testing

@Suite struct CheckpointFilesTests {
  @Test func theLatestStepIsTheNewest() throws {
    try inTemporaryFolder { folder in
      let made = ["m.checkpoint-9", "m.checkpoint-10", "m.checkpoint-07", "m.checkpoint-x", "n.checkpoint-99"]
      for name in made { try OutputFile("\(folder)/\(name)").write([]) }
      var files = try CheckpointFiles(model: "\(folder)/m")
      #expect(files.earlier == ["\(folder)/m.checkpoint-9", "\(folder)/m.checkpoint-10"])
      #expect(try files.newest() == files.file(step: 10))
      #expect(files.isOurs("\(folder)/m.checkpoint-3") && !files.isOurs("\(folder)/m.checkpoint-03"))
      #expect(!files.isOurs("\(folder)/n.checkpoint-3") && !files.isOurs("m.checkpoint-3"))

      try OutputFile(files.file(step: 11)).write([])
      try files.prune(keeping: 2)
      #expect(try files.newest() == files.file(step: 11) && !names(folder).contains("m.checkpoint-9"))
      files.replaceEarlier()
      #expect(try files.earlier.isEmpty && names(folder).contains("m.checkpoint-11"))
      #expect(try !names(folder).contains("m.checkpoint-10") && names(folder).contains("m.checkpoint-07"))
    }
  }

  /// A run that goes on keeps the checkpoints that are there.
  @Test func whatGoesOnReplacesNothing() throws {
    try inTemporaryFolder { folder in
      try OutputFile("\(folder)/m.checkpoint-9").write([])
      var files = try CheckpointFiles(model: "\(folder)/m")
      try files.check()
      files.goOn()
      files.replaceEarlier()
      #expect(try names(folder) == ["m.checkpoint-9"])
    }
  }

  func names(_ folder: String) throws -> [String] {
    try Folder.names(beside: "\(folder)/m").filter { !$0.hasPrefix(".") }
  }
}
