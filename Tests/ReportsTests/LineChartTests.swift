import Neural
import Reports
import Testing

@Suite struct LineChartTests {
  @Test func aChartHasALineForEachSeries() {
    let svg = LineChart(
      "a < b", xLabel: "x", yLabel: "y", series: [.init("one", [(0, 1), (1, 2)]), .init("two", [(0, 2), (1, 1)])]
    ).svg()
    #expect(svg.hasPrefix("<svg") && svg.contains("a &lt; b") && !svg.contains("a < b"))
    #expect(svg.split(separator: "stroke-linejoin").count == 3)
  }

  @Test func aChartOfLossesHasALineForEachMode() {
    var history = History()
    for step in 1...3 { history.append(mode: "train", metric: "loss", step: step, value: 1 / Float(step)) }
    history.append(mode: "eval", metric: "loss", step: 3, value: 0.5)
    history.append(mode: "eval", metric: "accuracy", step: 3, value: 0.5)
    let svg = LineChart(lossesOf: history).svg()
    #expect(svg.contains(">train<") && svg.contains(">eval<") && svg.contains("loss (nats)"))
  }
}
