import ArgumentParser
import Batches
import Filters
import TestSupport
import Testing

@Suite struct LabelOptionsTests {
  @Test func namesAreGivenOrRead() throws {
    #expect(try LabelOptions.parse([]).names() == nil)
    let given = try LabelOptions.parse(["--labels", "a,b"])
    #expect(try given.given == ["a", "b"] && given.names()?.names == ["a", "b"])
    #expect(try LabelOptions.parse(["--labels", "a,\u{301}"]).given == ["a", "\u{301}"])
    for wrong in ["a,", "a,a", ","] {
      #expect(throws: (any Error).self) { try LabelOptions.parse(["--labels", wrong]) }
    }
    let missing = try LabelOptions.parse(["--labels", "missing"])
    #expect(missing.given == nil)
    #expect(
      performing { try missing.names() }
        == "missing: No such file or directory: --labels takes names separated by commas, or a file of them")
    #expect(try LabelFieldOptions.parse(["--label-field", "topic"]).labelField == "topic")
  }
}
