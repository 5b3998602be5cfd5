import Filters
import Testing

@Suite struct ProgressLineTests {
  func line(_ count: Int = 120, total: Int? = 1000, notes: [String] = []) -> ProgressLine {
    var line = ProgressLine(program: "train", unit: "steps", count: count, total: total)
    (line.rate, line.share, line.secondsLeft, line.notes) = (35.24, 0.12, 80, notes)
    return line
  }

  let notes = ["loss 0.6931", "eval loss 0.7010 at step 100"]

  @Test func thereIsRoomForAll() {
    let all = "train: 120 of 1000 steps, 35.2/s, 12%, 1:20 left, loss 0.6931, eval loss 0.7010 at step 100"
    #expect(line(notes: notes).text(columns: 200) == all)
    #expect(line(notes: notes).text(columns: all.count + 1) == all)
    #expect(ProgressLine(program: "batch", unit: "records", count: 7).text(columns: 80) == "batch: 7 records")
  }

  /// What matters least goes first.
  @Test(arguments: [
    (90, "train: 120 of 1000 steps, 35.2/s, 12%, 1:20 left, loss 0.6931"),
    (60, "train: 120 of 1000 steps, 12%, 1:20 left, loss 0.6931"),
    (50, "train: 120 of 1000 steps, 12%, loss 0.6931"), (40, "train: 120 of 1000 steps, loss 0.6931"),
    (30, "train: 120 of 1000 steps, 12%"), (24, "train: 120 steps, 12%"), (16, "120 steps, 12%"), (9, "120, 12%"),
    (4, "120"), (3, ""), (1, ""),
    (0, ""),
  ])
  func aNarrowTerminalShowsLess(_ columns: Int, _ text: String) {
    #expect(line(notes: notes).text(columns: columns) == text)
  }

  @Test(arguments: 0...120) func noLineIsAsWideAsTheTerminal(_ columns: Int) {
    for notes in [[], notes, ["loss 0.1", "東京 loss 0.1 at step 3"], ["\u{1b}[31m"]] {
      let text = line(notes: notes).text(columns: columns)
      #expect(text.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 2) } < max(columns, 1))
      #expect(!text.contains("\u{1b}"))
    }
  }

  @Test func numbersOfAnySizeHaveAText() {
    var line = line(.max, total: .max)
    (line.rate, line.secondsLeft) = (.infinity, 1e300)
    #expect(line.text(columns: 90) == "train: \(Int.max) of \(Int.max) steps, many/s, 12%, ages left")
    (line.rate, line.secondsLeft) = (123456.7, 3599.6)
    #expect(line.text(columns: 200).hasSuffix(" steps, 123456/s, 12%, 60:00 left"))
  }
}
