import Models
import TestSupport
import Testing

@Suite struct LabelThresholdsTests {
  static let labels = ["joy", "2", "a=b"]

  @Test(
    arguments: [
      (nil, [0.5, 0.5, 0.5]), ("0.3", [0.3, 0.3, 0.3]), ("joy=0.3", [0.3, 0.5, 0.5]),
      // Names go before numbers, and may have an equals sign in them.
      ("2=0.25,joy=1", [1, 0.25, 0.5]), ("0=0.1,a=b=0", [0.1, 0.5, 0]), ("1e-3", [0.001, 0.001, 0.001]),
    ] as [(String?, [Float])])
  func oneForAllOrOneForEach(_ text: String?, _ values: [Float]) throws {
    #expect(try LabelThresholds(text, labels: Self.labels, classes: 3).values == values)
  }

  /// A mark that combines with a comma or an equals sign begins the name behind it.
  @Test func namesMayBeginWithACombiningMark() throws {
    #expect(try LabelThresholds("a=0.1,\u{301}=0.2", labels: ["a", "\u{301}"], classes: 2).values == [0.1, 0.2])
  }

  @Test func classesWithoutNamesHaveNumbers() throws {
    #expect(try LabelThresholds("2=0.25,0=1", labels: nil, classes: 3).values == [1, 0.5, 0.25])
    #expect(
      performing { try LabelThresholds("3=0.1", labels: nil, classes: 3) } == "there is no class \"3\", but 0 to 2")
  }

  @Test(arguments: [
    ("fear=0.3", "there is no label \"fear\", but joy, 2, a=b"),
    ("-1=0.3", "there is no label \"-1\", but joy, 2, a=b"),
    ("joy=0.3,0=0.4", "\"0\" has two thresholds"), ("joy=0.3,", "\"\" is no CLASS=P"),
    ("joy=0.3,0.4", "\"0.4\" is no CLASS=P"),
    ("joy=2", "\"joy=2\" must be a number from 0 to 1, or CLASS=P,… with such numbers"),
    ("joy=", "\"joy=\" must be a number from 0 to 1, or CLASS=P,… with such numbers"),
    ("nan", "\"nan\" must be a number from 0 to 1, or CLASS=P,… with such numbers"),
  ])
  func whatIsNoThresholdIsRefused(_ text: String, _ message: String) {
    #expect(performing { try LabelThresholds(text, labels: Self.labels, classes: 3) } == message)
  }
}
