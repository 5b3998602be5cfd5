import ArgumentParser
import Batches
import Filters
import TestSupport
import Testing

@Suite struct TagOptionsTests {
  @Test func namesAreGivenOrRead() throws {
    #expect(try TagOptions.parse([]).names() == nil)
    #expect(try TagOptions.parse(["--tags", "O,B-x"]).names()?.names == ["O", "B-x"])
    #expect(throws: (any Error).self) { try TagOptions.parse(["--tags", "O,O"]) }
    #expect(
      performing { try TagOptions.parse(["--tags", "missing"]).names() }
        == "missing: No such file or directory: --tags takes names separated by commas, or a file of them")
    try inTemporaryFolder { folder in
      try write([#"["O","B-x","I-x"]"#], to: "\(folder)/tags.json")
      #expect(try TagOptions.parse(["--tags", "\(folder)/tags.json"]).names()?.names == ["O", "B-x", "I-x"])
    }
  }
}
