/// How many of something there are in each stretch of an axis, in two parts that stand on each other, as SVG.
struct BarChart {
  let title: String, description: String
  let xLabel: String, yLabel: String
  /// The names of the lower part and of the upper.
  let parts: (lower: String, upper: String)
  /// The stretches with their numbers.
  let bars: [(low: Double, high: Double, lower: Int, upper: Int)]

  /// The picture.
  func svg() -> String {
    let most = Double(bars.map { $0.lower + $0.upper }.max() ?? 0)
    let plane = Plane(
      Axis([], (bars.first?.low ?? 0)...(bars.last?.high ?? 1)), Axis([0, max(most, 1)], nil, isWhole: true), top: 64,
      xLabel: xLabel,
      yLabel: yLabel)
    var svg = SVG(title: title, description: description, height: plane.bottom + 60)
    for (index, name) in [parts.lower, parts.upper].enumerated() {
      let x = Plane.left + 160 * Double(index)
      svg.add("<rect x=\"\(short(x))\" y=\"38\" width=\"14\" height=\"14\" class=\"c\(index)\"/>")
      svg.add("<text x=\"\(short(x + 22))\" y=\"50\">\(escaped(name))</text>")
    }
    svg.add(plane.svg)
    for bar in bars {
      var base = 0
      for (index, count) in [bar.lower, bar.upper].enumerated() where count > 0 {
        let (left, right) = (plane.x(bar.low) + 2, plane.x(bar.high) - 2)
        let (low, high) = (plane.y(Double(base)), plane.y(Double(base + count)))
        svg.add(
          "<rect x=\"\(short(left))\" y=\"\(short(high))\" width=\"\(short(right - left))\" height=\"\(short(low - high))\" "
            + "class=\"bar c\(index)\"/>")
        base += count
      }
    }
    return svg.text
  }
}
