import Files
import Foundation
import Models
import TestSupport
import Testing
import TrainingRuns

@Suite struct OutputsTests {
  @Test func nothingChangesUntilTheRun() throws {
    try inTemporaryFolder { folder in
      let outputs = try Outputs(
        model: "\(folder)/m", plot: "\(folder)/p.svg", log: "\(folder)/log", inputs: [("the input", "\(folder)/b")],
        checkpointOptions: ["--resume"])
      #expect(outputs.model.path == "\(folder)/m" && outputs.log?.name == "\(folder)/log")
      #expect(try outputs.checkpoints?.newest() == nil && outputs.plot != nil)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      let lock = try #require(try outputs.lock())
      #expect(throws: FileError.self) { _ = try outputs.lock() }
      lock.release()
    }
  }

  @Test func aFileIsOneThing() throws {
    try inTemporaryFolder { folder in
      let (model, other) = ("\(folder)/m", "\(folder)/other")
      try write([], to: other)
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: other)
      let link = "\(folder)/link"
      #expect(
        performing { try Outputs(model: other, plot: link) } == "\(link): --model and --plot are the same file")
      #expect(
        performing { try Outputs(model: model, plot: other, log: link) }
          == "\(link): --plot and --log-file are the same file")
      #expect(
        performing { try Outputs(model: model, log: other, inputs: [("the input", "none"), ("--eval", link)]) }
          == "\(other): --log-file would write over --eval")
      #expect(
        performing { try Outputs(model: link, inputs: [("the input", other)]) }
          == "\(link): --model would write over the input")
      let checkpoint = "\(model).checkpoint-7"
      #expect(
        performing { try Outputs(model: model, log: checkpoint) }
          == "\(checkpoint): --log-file has the name of a checkpoint of \(model)")
      #expect(performing { try Outputs(model: model, log: "\(model).checkpoint-07") } == nil)
    }
  }

  @Test func aFileThatCannotBeWrittenIsFoundAtOnce() throws {
    try inTemporaryFolder { folder in
      #expect(performing { try Outputs(model: folder) } == "\(folder): Is a directory")
      #expect(performing { try Outputs(model: "\(folder)/none/m") } == "\(folder)/none/: No such file or directory")
      for name in ["\(folder)/none/file", "\(folder)/none/other/file"] {
        #expect(
          performing { try Outputs(model: "\(folder)/m", plot: name) } == "\(name): No such file or directory")
        #expect(performing { try Outputs(model: "\(folder)/m", log: name) } == "\(name): No such file or directory")
      }
    }
  }

  /// Beside a device there are no checkpoints.
  @Test func whatNeedsCheckpointsNeedsARegularFile() throws {
    let outputs = try Outputs(model: "/dev/null")
    #expect(outputs.checkpoints == nil)
    #expect(try outputs.lock() == nil)
    #expect(
      performing { try Outputs(model: "/dev/null", checkpointOptions: ["--keep", "--best"]) }
        == "--keep needs a --model that is a regular file, which /dev/null is not")
  }
}
