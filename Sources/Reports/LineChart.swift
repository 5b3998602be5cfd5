/// Lines over a plane with labelled axes, as SVG that stands alone: 640 × 400, readable at 600 pixels. The colours are
/// those of Okabe and Ito, which colour-blind people can tell apart; the lines differ in their dashes, too.
public struct LineChart {
  /// One line.
  public struct Series {
    /// The name in the legend.
    public let name: String
    /// The points in the order in which the line meets them.
    public let points: [(x: Double, y: Double)]
    /// Whether the points are marked.
    public let isMarked: Bool

    /// A line through points.
    public init(_ name: String, _ points: [(x: Double, y: Double)], isMarked: Bool = false) {
      self.name = name
      self.points = points
      self.isMarked = isMarked
    }
  }

  /// The title above the picture.
  public let title: String
  /// The names of the axes.
  public let xLabel: String, yLabel: String
  /// The lines.
  public let series: [Series]
  /// The ends of the axes; those of the data where there is nil.
  public let xRange: ClosedRange<Double>?, yRange: ClosedRange<Double>?

  /// A chart of lines; the axes reach as far as the data where no range is given.
  public init(
    _ title: String, xLabel: String, yLabel: String, series: [Series], xRange: ClosedRange<Double>? = nil,
    yRange: ClosedRange<Double>? = nil
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.xRange = xRange
    self.yRange = yRange
  }

  private static let colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
  private static let dashes = ["", "7 4", "2 3", "9 3 2 3"]
  private static let (left, right, top, bottom) = (78.0, 622.0, 64.0, 340.0)

  /// The picture.
  public func svg() -> String {
    let (xAxis, yAxis) = (
      Axis(series.flatMap { $0.points.map(\.x) }, xRange), Axis(series.flatMap { $0.points.map(\.y) }, yRange)
    )
    func x(_ value: Double) -> Double { Self.left + xAxis.share(value) * (Self.right - Self.left) }
    func y(_ value: Double) -> Double { Self.bottom - yAxis.share(value) * (Self.bottom - Self.top) }
    var parts = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400" width="640" height="400" role="img" \
      font-family="sans-serif" font-size="15" fill="#222">
      """,
      "<title>\(escaped(title))</title>", "<rect width=\"640\" height=\"400\" fill=\"#fff\"/>",
      "<text x=\"\(short(Self.left))\" y=\"24\" font-size=\"17\" font-weight=\"bold\">\(escaped(title))</text>",
    ]
    for tick in yAxis.ticks {
      let height = short(y(tick))
      parts.append("<path d=\"M\(short(Self.left)) \(height)H\(short(Self.right))\" stroke=\"#ddd\"/>")
      parts.append(
        "<text x=\"\(short(Self.left - 8))\" y=\"\(short(y(tick) + 5))\" text-anchor=\"end\">\(yAxis.text(tick))</text>"
      )
    }
    for tick in xAxis.ticks {
      parts.append("<path d=\"M\(short(x(tick))) \(short(Self.bottom))v5\" stroke=\"#222\"/>")
      parts.append(
        "<text x=\"\(short(x(tick)))\" y=\"\(short(Self.bottom + 22))\" text-anchor=\"middle\">\(xAxis.text(tick))</text>"
      )
    }
    parts.append(
      "<path d=\"M\(short(Self.left)) \(short(Self.top))V\(short(Self.bottom))H\(short(Self.right))\" stroke=\"#222\" fill=\"none\"/>"
    )
    parts.append("<text x=\"350\" y=\"388\" text-anchor=\"middle\">\(escaped(xLabel))</text>")
    parts.append(
      "<text transform=\"translate(20 202) rotate(-90)\" text-anchor=\"middle\">\(escaped(yLabel))</text>")
    var legend = Self.left
    for (index, line) in series.enumerated() {
      let colour = Self.colours[index % Self.colours.count]
      let dash = Self.dashes[index % Self.dashes.count]
      let style =
        "stroke=\"\(colour)\" stroke-width=\"2.5\" fill=\"none\"\(dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")"
      parts.append("<path d=\"M\(short(legend)) 45h26\" \(style)/>")
      parts.append("<text x=\"\(short(legend + 32))\" y=\"50\">\(escaped(line.name))</text>")
      legend += 52 + 8.5 * Double(line.name.count)
      let path = line.points.enumerated().map { "\($0 == 0 ? "M" : "L")\(short(x($1.x))) \(short(y($1.y)))" }
      parts.append("<path d=\"\(path.joined())\" \(style) stroke-linejoin=\"round\"/>")
      for point in line.points where line.isMarked || line.points.count == 1 {
        parts.append("<circle cx=\"\(short(x(point.x)))\" cy=\"\(short(y(point.y)))\" r=\"4\" fill=\"\(colour)\"/>")
      }
    }
    return parts.joined(separator: "\n") + "\n</svg>\n"
  }
}

private func short(_ value: Double) -> String {
  let text = fixed(value, decimals: 1)
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
