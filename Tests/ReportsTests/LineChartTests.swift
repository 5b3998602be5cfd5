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

  static func history(_ losses: [Float]) -> History {
    var history = History()
    for (index, loss) in losses.enumerated() {
      history.append(mode: "train", metric: "loss", step: index + 1, value: loss)
    }
    return history
  }

  @Test func aChartOfLossesHasALineForEachMode() {
    var history = Self.history([1, 0.5, 0.3])
    history.append(mode: "eval", metric: "loss", step: 3, value: 0.5)
    history.append(mode: "eval", metric: "accuracy", step: 3, value: 0.5)
    let svg = LineChart(lossesOf: history).svg()
    #expect(svg.contains("train</text>") && svg.contains("eval</text>") && svg.contains("loss (nats)"))
    #expect(!svg.contains("diverged") && svg.contains("train: 1.0 at step 1, 0.3 at step 3"))
  }

  @Test func aRunThatDivergedIsSaidTo() {
    let lost = LineChart(lossesOf: Self.history([1, 2, .nan, .infinity, 3]))
    #expect(lost.warning == "The run diverged: the loss of step 3 is no finite number.")
    // The line is interrupted where there are no numbers.
    #expect(lost.svg().contains("diverged") && !lost.svg().contains("Lnan") && !lost.svg().contains("Mnan"))
    #expect(
      LineChart(lossesOf: Self.history([0.7, 0.6, 1e30])).warning?.contains("rose from 0.7000 to 1e+30") ?? false)
    #expect(LineChart(lossesOf: Self.history([0.1, 0.3])).warning == nil)
  }

  @Test func anyNumbersAreDrawn() {
    let runs: [[Float]] = [
      [], [.nan], [5], [1e30, 1e30], [3e38, -3e38], [0, 0], [1e-40], [.infinity, 1], [-7, -7],
      [16_777_216, 16_777_217],
    ]
    for losses in runs {
      var chart = LineChart(lossesOf: Self.history(losses))
      chart.description = ""
      let svg = chart.svg()
      #expect(svg.hasSuffix("</svg>\n") && !svg.contains("nan") && !svg.contains("inf "), "\(losses)")
      #expect(svg.contains("nothing to draw") == !losses.contains(where: \.isFinite), "\(losses)")
    }
  }

  /// Long names take rows of their own, and are cut in the middle; the whole name is there to be pointed at.
  @Test func aLegendStaysInThePicture() {
    let names = (0..<8).map { "a name much longer than the legend, with number \($0)" }
    let svg = LineChart("t", xLabel: "x", yLabel: "y", series: names.map { .init($0, [(0, 1)]) }).svg()
    for name in names { #expect(svg.contains("<title>\(name)</title>")) }
    let heights = svg.split(separator: "<title>a name").map { $0.split(separator: "y=\"").last!.prefix { $0 != "\"" } }
    #expect(Set(heights.dropLast()).count == 8)
  }
}
