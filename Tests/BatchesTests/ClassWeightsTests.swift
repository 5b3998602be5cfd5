import Batches
import JSONLines
import Testing

@Suite struct ClassWeightsTests {
  private func values(_ items: [String], names: [String]? = nil, classes: Int = 3) throws -> [Float] {
    try ClassWeights(items).values(names: names.map { try LabelNames($0) }, classes: classes)
  }

  @Test func weightsInTheOrderOfTheClasses() throws {
    #expect(try values(["2", "0.5"]) == [2, 0.5] && !ClassWeights(["2"]).areNamed)
  }

  @Test func weightsOfClassesByNameOrNumber() throws {
    let names = ["negative", "a=b", "0"]
    #expect(try values(["a=b=2", "negative=3"], names: names) == [3, 2, 1])
    // A name comes before a number.
    #expect(try values(["0=4", "1=0"], names: names) == [1, 0, 4])
    #expect(try values(["2=0.25"]) == [1, 1, 0.25] && ClassWeights(["2=1"]).areNamed)
  }

  @Test(arguments: [["x"], ["-1"], ["inf"], ["a=x"], ["a="], ["a=1", "2"]])
  func whatIsNoWeightIsRefused(_ items: [String]) {
    #expect(throws: RecordError.self) { try ClassWeights(items) }
  }

  @Test(arguments: [
    (["c=1"], "there is no class \"c\", but \"a\", \"b\""), (["2=1"], "there is no class \"2\", but \"a\", \"b\""),
    (["a=1", "0=1"], "\"0\" has two weights"),
  ])
  func classesThatAreNotThereAreRefused(_ items: [String], _ message: String) {
    let error = #expect(throws: RecordError.self) { try values(items, names: ["a", "b"], classes: 2) }
    #expect(error?.description == message)
  }
}
