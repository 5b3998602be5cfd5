import ArgumentParser
import Filters
import Testing

@Suite struct SharedOptionsTests {
  @Test func threadsHaveARange() throws {
    #expect(try ThreadOptions.parse([]).threads == 1 && ThreadOptions.parse(["--threads", "256"]).threads == 256)
    for wrong in ["0", "257", "x"] {
      #expect(throws: (any Error).self) { try ThreadOptions.parse(["--threads", wrong]) }
    }
  }

  @Test func aSeedIsGivenOrThatOfAnEarlierRunOrDrawn() throws {
    let given = try SeedOptions.parse(["--seed", "7"])
    #expect(given.seed(isQuiet: true) == 7 && given.seed(orThatOf: 5, isQuiet: true) == 7)
    let none = try SeedOptions.parse([])
    #expect(none.seed(orThatOf: 5, isQuiet: true) == 5)
    #expect(Set((0..<8).map { _ in none.seed(isQuiet: true) }).count > 1)
  }

  @Test func optionsOfTextsAreRefusedWhereThereIsNone() throws {
    try CharacterOptions.parse([]).check(takesCharacters: false)
    try CharacterOptions.parse(["--trim"]).check(takesCharacters: true)
    #expect(throws: ValidationError.self) { try CharacterOptions.parse(["--trim"]).check(takesCharacters: false) }
    try TextOptions.parse(["--plain"]).check(takesText: true)
    #expect(throws: ValidationError.self) { try TextOptions.parse(["--field", "x"]).check(takesText: false) }
  }

  @Test func blankLinesAreAnsweredAmongRecordsAndTextsAmongTexts() throws {
    let (none, kept) = (try BlankLineOptions.parse([]), try BlankLineOptions.parse(["--keep-blank-lines"]))
    #expect(none.fate(isPlain: false) == .passedOver && none.fate(isPlain: true) == .passedOver)
    #expect(
      none.fate(isPlain: true, areTexts: true) == .texts && none.fate(isPlain: false, areTexts: true) == .passedOver)
    #expect(kept.fate(isPlain: false) == .answered && kept.fate(isPlain: true) == .texts)
    try kept.check(isPlain: true, writesRecords: false)
    #expect(throws: ValidationError.self) { try kept.check(isPlain: false, writesRecords: false) }
  }
}
