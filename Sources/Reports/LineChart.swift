/// Lines over a plane with labelled axes, as SVG that stands alone: 640 wide, readable at 320 pixels, light or dark as
/// the reader's system is. The colours are those of Okabe and Ito, which colour-blind people can tell apart; the lines
/// differ in their dashes, too. Points that are no finite numbers interrupt a line.
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
  /// What there is to say of the lines, for those who do not see them; and for all, if it is a warning.
  public var description = "", warning: String?
  /// The names of the axes.
  public let xLabel: String, yLabel: String
  /// The lines.
  public let series: [Series]
  /// The ends of the axes; those of the data where there is nil.
  public let xRange: ClosedRange<Double>?, yRange: ClosedRange<Double>?
  /// Whether there are only whole numbers along the x axis.
  var countsAlongX = false

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

  private static let dashes = ["", "7 4", "2 3", "9 3 2 3"]

  /// The picture.
  public func svg() -> String {
    let finite = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    let legend = Legend(series.map(\.name), width: Plane.right - Plane.left)
    let top = 34 + (warning == nil ? 0 : 24) + 24 * Double(legend.rows)
    let plane = Plane(
      Axis(finite.map(\.x), xRange, isWhole: countsAlongX), Axis(finite.map(\.y), yRange), top: top, xLabel: xLabel,
      yLabel: yLabel)
    var svg = SVG(title: title, description: description, height: plane.bottom + 60)
    if let warning {
      svg.add("<text x=\"\(short(Plane.left))\" y=\"48\" class=\"warning\">\(escaped(warning))</text>")
    }
    svg.add(plane.svg)
    for (index, line) in series.enumerated() {
      let dash = Self.dashes[index % Self.dashes.count]
      let style = "class=\"line c\(index % SVG.colours)\"\(dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")"
      let entry = legend.entries[index]
      let whole = entry.text == line.name ? "" : "<title>\(escaped(line.name))</title>"
      let (x, y) = (Plane.left + entry.x, top - 6 - 24 * Double(legend.rows - 1 - entry.row))
      svg.add("<path d=\"M\(short(x)) \(short(y - 11))h26\" \(style)/>")
      svg.add(
        "<text x=\"\(short(x + 32))\" y=\"\(short(y - 6))\">\(whole)\(escaped(entry.text))</text>"
      )
      svg.add("<path d=\"\(path(line.points, plane))\" \(style) stroke-linejoin=\"round\"/>")
      for point in line.points where (line.isMarked || line.points.count == 1) && point.x.isFinite && point.y.isFinite {
        svg.add(
          "<circle cx=\"\(short(plane.x(point.x)))\" cy=\"\(short(plane.y(point.y)))\" r=\"4\" class=\"c\(index % SVG.colours)\"/>"
        )
      }
    }
    if finite.isEmpty {
      svg.add(
        "<text x=\"350\" y=\"\(short((plane.top + plane.bottom) / 2))\" text-anchor=\"middle\">nothing to draw</text>")
    }
    return svg.text
  }

  private func path(_ points: [(x: Double, y: Double)], _ plane: Plane) -> String {
    var (path, isDrawing) = ("", false)
    for point in points {
      let isFinite = point.x.isFinite && point.y.isFinite
      if isFinite { path += "\(isDrawing ? "L" : "M")\(short(plane.x(point.x))) \(short(plane.y(point.y)))" }
      isDrawing = isFinite
    }
    return path
  }
}

/// Where the names of lines stand: as many in a row as fit, and cut where they are too long.
private struct Legend {
  var entries: [(text: String, x: Double, row: Int)] = []
  var rows = 1

  init(_ names: [String], width: Double) {
    var x = 0.0
    for name in names {
      let text = cut(name, name.unicodeScalars.contains { $0.value >= 0x1100 } ? 22 : 26)
      // Where the picture is drawn small, a letter takes 11 on average, and the widest ones twice as much.
      let space = 46 + text.unicodeScalars.reduce(0.0) { $0 + ($1.value < 0x1100 ? 11.0 : 21) }
      if x > 0, x + space > width {
        x = 0
        rows += 1
      }
      entries.append((text, x, rows - 1))
      x += space
    }
  }
}
