import Neural
import Testing

@Suite struct IntervalTests {
  @Test func stepsAndEpochsHaveAText() {
    #expect(Loop.Interval("10") == .steps(10) && Loop.Interval("1") == 1)
    #expect(Loop.Interval("1epoch") == .epochs(1) && Loop.Interval("20epochs") == .epochs(20))
    for interval in [.steps(7), .epochs(1), .epochs(3)] as [Loop.Interval] {
      #expect(Loop.Interval("\(interval)") == interval)
    }
    #expect(Loop.Interval.epochs(3).isOfEpochs && !Loop.Interval.steps(3).isOfEpochs)
    #expect(Loop.Interval.epochs(3).count == 3 && Loop.Interval.steps(4).count == 4)
  }

  @Test(arguments: ["", "0", "-1", "0epoch", "epoch", "1.5epoch", "2 epochs", "2epoch_", "٣", "99999999999999999999"])
  func anotherTextIsNone(_ text: String) { #expect(Loop.Interval(text) == nil) }
}
