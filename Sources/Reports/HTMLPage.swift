/// A page that stands alone: light or dark as the reader's system is, as narrow as a telephone, with tables and charts
/// that are scrolled by themselves, also with the keyboard.
struct HTMLPage {
  let title: String
  private var parts: [String] = []

  init(_ title: String) { self.title = title }

  /// Adds a heading, and paragraphs of plain text below it.
  mutating func add(heading: String, _ paragraphs: String...) {
    parts.append("<h2>\(escaped(heading))</h2>\n")
    for paragraph in paragraphs { add(paragraph: paragraph) }
  }

  /// Adds a paragraph of plain text.
  mutating func add(paragraph: String) { parts.append("<p>\(escaped(paragraph))</p>\n") }

  /// Adds a table. The first cell of a row is its heading.
  /// - Parameters:
  ///   - caption: What the table holds; it is read aloud where the table is.
  ///   - headings: Of the columns.
  ///   - rows: HTML cells, with their tags.
  ///   - kind: The class of the table.
  ///   - rotated: Whether the headings but the first stand upright.
  mutating func addTable(
    _ caption: String, headings: [String], rows: [String], kind: String = "", rotated: Bool = false
  ) {
    let head = headings.enumerated().map { index, heading in
      index > 0 && rotated
        ? "<th scope=\"col\" class=\"tall\">\(Self.shortened(heading))</th>"
        : "<th scope=\"col\">\(escaped(heading))</th>"
    }
    addRegion(
      caption,
      "<table\(kind.isEmpty ? "" : " class=\"\(kind)\"")><caption><span>\(escaped(caption))</span></caption>\n"
        + "<thead><tr>\(head.joined())</tr></thead>\n<tbody>\n\(rows.joined())</tbody></table>")
  }

  /// Adds a chart.
  mutating func add(_ chart: LineChart) { addRegion(chart.title, chart.svg()) }
  mutating func add(_ chart: BarChart) { addRegion(chart.title, chart.svg()) }

  /// Adds what may be wider than the page. The keyboard reaches it, and so can scroll it.
  private mutating func addRegion(_ name: String, _ contents: String) {
    parts.append(
      "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"\(escaped(name))\">\(contents)</div>\n")
  }

  /// The characters of a name in narrow cells.
  static let shortest = 24

  /// A name for narrow cells: its ends are seen, all of it is heard.
  static func shortened(_ name: String) -> String {
    let short = cut(name, shortest)
    return short == name
      ? "<span>\(escaped(name))</span>"
      : "<span aria-hidden=\"true\" title=\"\(escaped(name))\">\(escaped(short))</span>"
        + "<b class=\"heard\">\(escaped(name))</b>"
  }

  /// A row of a table: a heading, and cells of plain text.
  static func row(_ heading: String, _ cells: [String], kind: String = "") -> String {
    let tag = kind.isEmpty ? "<td>" : "<td class=\"\(kind)\">"
    return "<tr><th scope=\"row\">\(escaped(heading))</th>" + cells.map { "\(tag)\(escaped($0))</td>" }.joined()
      + "</tr>\n"
  }

  /// The page.
  var text: String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
    <title>\(escaped(title))</title>
    <style>
    \(Self.style)
    </style></head><body><main>
    <h1>\(escaped(title))</h1>
    \(parts.joined())</main></body></html>

    """
  }

  /// Cells of a matrix are shaded by `--share`; the letters on the darkest (in the dark: lightest) are turned. The
  /// contrast of letters is 4.5 or more everywhere.
  private static let style = """
    :root{color-scheme:light dark;--paper:#fff;--ink:#222;--line:#ccc;--head:#f3f3f3;--cell:0 80 140;--on:#000;\
    --full:#fff;--focus:#0072b2}
    @media (prefers-color-scheme:dark){:root{--paper:#1b1b1d;--ink:#e6e6e6;--line:#4a4a4e;--head:#29292c;\
    --cell:66 156 214;--on:#fff;--full:#000;--focus:#56b4e9}}
    body{font:16px/1.45 sans-serif;color:var(--ink);background:var(--paper);margin:0}
    main{max-width:1160px;margin:24px auto;padding:0 16px}
    h1,h2,p{overflow-wrap:anywhere} p,svg{max-width:720px} h2{margin:32px 0 8px}
    .wide{position:relative;overflow-x:auto;margin:8px 0 24px} .wide:focus-visible{outline:3px solid var(--focus)}
    table{border-collapse:collapse} caption{text-align:left;padding:4px 0}
    caption span{position:sticky;left:0;display:inline-block;width:max-content;max-width:min(40em,100vw - 32px)}
    td,th{padding:5px 10px;text-align:right;border:1px solid var(--line);font-weight:normal}
    th{background:var(--head)} th:first-child{text-align:left}
    tbody th{min-width:7em;max-width:18em;overflow-wrap:anywhere}
    .matrix td{padding:3px 5px;min-width:2.6em;background:rgb(var(--cell)/var(--share));color:var(--on)}
    .matrix td.full{color:var(--full)} small{display:block;font-size:12px}
    .matrix tbody th{position:sticky;left:0;min-width:4em;max-width:15em;white-space:nowrap;overflow:hidden;\
    text-overflow:ellipsis}
    .tall{vertical-align:bottom;padding:8px 2px}
    .tall span{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap;text-align:left}
    td.text{text-align:left;white-space:pre-wrap;overflow-wrap:anywhere;min-width:16em;max-width:36em} .words th,.words td,\
    .errors th:last-child{text-align:left}
    .heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
    svg{display:block;width:100%;height:auto}
    @media (max-width:500px){td,th{padding:4px 6px} tbody th{min-width:7em} .matrix tbody th{max-width:7em}}
    """
}
