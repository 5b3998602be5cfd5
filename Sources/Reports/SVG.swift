/// A picture, 640 wide, that stands alone or in a page: its title and description are read aloud in its place, its
/// colours follow the reader's system, and its letters are larger where it is drawn small.
struct SVG {
  private var parts: [String]

  /// How many colours there are: the classes `c0`, `c1`, … of what is drawn.
  static let colours = 7

  /// The styles of the picture. Those of several pictures in a page are the same.
  private static let style = """
    <style>
    .paper{fill:#fff} .ink,svg text{fill:#222} .line,.axis{fill:none} .axis{stroke:#222} .grid{stroke:#ddd} \
    .line{stroke-width:2.5} svg .warning{fill:#b00020;font-weight:bold}
    \(rules(["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]))
    @media (prefers-color-scheme:dark){.paper{fill:#1b1b1d} .ink,svg text{fill:#e6e6e6} .axis{stroke:#e6e6e6} \
    .grid{stroke:#444} svg .warning{fill:#ff8a80}
    \(rules(["#56B4E9", "#FF8A3D", "#2FCB9B", "#E79CC8", "#F0B429", "#8FD3FF", "#FFFFFF"]))}
    @media (max-width:500px){svg text{font-size:20px}}
    </style>
    """

  private static func rules(_ colours: [String]) -> String {
    colours.enumerated().map { ".c\($0){fill:\($1)} .line.c\($0){fill:none;stroke:\($1)}" }.joined(separator: " ")
  }

  init(title: String, description: String, height: Double) {
    // The ids of several pictures in a page differ with their titles.
    let id = String(title.unicodeScalars.map { $0.isASCII && $0.properties.isAlphabetic ? Character($0) : "-" })
    parts = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 \(short(height))" width="640" height="\(short(height))" \
      role="img" aria-labelledby="\(id)"\(description.isEmpty ? "" : " aria-describedby=\"\(id)-text\"") \
      font-family="sans-serif" font-size="15">
      """,
      "<title id=\"\(id)\">\(escaped(title))</title>",
    ]
    if !description.isEmpty { parts.append("<desc id=\"\(id)-text\">\(escaped(description))</desc>") }
    parts += [
      Self.style, "<rect width=\"640\" height=\"\(short(height))\" class=\"paper\"/>",
      "<text x=\"\(short(Plane.left))\" y=\"24\" font-size=\"17\" font-weight=\"bold\">\(escaped(title))</text>",
    ]
  }

  mutating func add(_ part: String) { parts.append(part) }

  /// The picture's text.
  var text: String { parts.joined(separator: "\n") + "\n</svg>\n" }
}

/// The plane of a chart: its axes with numbers and names, and where on it points lie.
struct Plane {
  static let left = 78.0, right = 622.0
  let xAxis: Axis, yAxis: Axis
  let top: Double
  let xLabel: String, yLabel: String
  var bottom: Double { top + 276 }

  init(_ xAxis: Axis, _ yAxis: Axis, top: Double, xLabel: String, yLabel: String) {
    (self.xAxis, self.yAxis, self.top, self.xLabel, self.yLabel) = (xAxis, yAxis, top, xLabel, yLabel)
  }

  func x(_ value: Double) -> Double { Self.left + xAxis.share(value) * (Self.right - Self.left) }
  func y(_ value: Double) -> Double { bottom - yAxis.share(value) * (bottom - top) }

  var svg: String {
    var parts: [String] = []
    for tick in yAxis.ticks {
      parts.append("<path d=\"M\(short(Self.left)) \(short(y(tick)))H\(short(Self.right))\" class=\"grid\"/>")
      parts.append(
        "<text x=\"\(short(Self.left - 8))\" y=\"\(short(y(tick) + 5))\" text-anchor=\"end\">\(yAxis.text(tick))</text>"
      )
    }
    for tick in xAxis.ticks {
      parts.append("<path d=\"M\(short(x(tick))) \(short(bottom))v5\" class=\"axis\"/>")
      parts.append(
        "<text x=\"\(short(x(tick)))\" y=\"\(short(bottom + 22))\" text-anchor=\"middle\">\(xAxis.text(tick))</text>")
    }
    parts.append(
      "<path d=\"M\(short(Self.left)) \(short(top))V\(short(bottom))H\(short(Self.right))\" class=\"axis\"/>")
    parts.append("<text x=\"350\" y=\"\(short(bottom + 48))\" text-anchor=\"middle\">\(escaped(xLabel))</text>")
    parts.append(
      "<text transform=\"translate(20 \(short((top + bottom) / 2))) rotate(-90)\" text-anchor=\"middle\">"
        + "\(escaped(yLabel))</text>")
    return parts.joined(separator: "\n")
  }
}

/// A coordinate with a decimal, where it has one.
func short(_ value: Double) -> String {
  let text = fixed(value, decimals: 1)
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
