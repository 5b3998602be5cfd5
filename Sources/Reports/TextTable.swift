/// The width that tables for a terminal keep to.
let terminalWidth = 80

/// A text filled up to a width.
func pad(_ text: String, _ width: Int, right: Bool = false) -> String {
  let space = String(repeating: " ", count: max(width - text.count, 0))
  return right ? space + text : text + space
}

/// A text of which the middle is left out, with a mark, where it is longer than a width: long names often begin alike.
func cut(_ text: String, _ width: Int) -> String {
  let text = oneLine(text)
  return text.count > width ? "\(text.prefix(width / 2))…\(text.suffix(width - width / 2 - 1))" : text
}

/// A text that ends, with a mark, where it is longer than a width.
func beginning(_ text: String, _ width: Int) -> String { text.count > width ? text.prefix(width - 1) + "…" : text }

/// A number with four decimals, or a dash for none.
func figure(_ value: Double?) -> String { value.map { fixed($0, decimals: 4) } ?? "-" }

/// Rows of a name and numbers behind it, as wide as a terminal where there are up to four numbers.
struct TextTable {
  /// The width of the names, and two more.
  let width: Int

  /// A table of rows with these names: as wide as the longest, up to 34.
  init(names: some Collection<String>) { width = min(max(names.map(\.count).max() ?? 0, 16), 34) + 2 }

  /// A line: the name, and the numbers in columns as wide as their headings, 11 at least.
  func line(_ name: String, _ cells: [String], headings: [String]? = nil) -> String {
    pad(cut(name, width - 2), width)
      + zip(cells, headings ?? cells).map { pad($0, max($1.count + 2, 11), right: true) }.joined() + "\n"
  }

  /// Names of classes, each on one line, with their numbers where some are longer than a width.
  static func numbered(_ names: [String], width: Int = 34) -> [String] {
    let names = names.map(oneLine)
    guard names.contains(where: { $0.count > width }) else { return names }
    let digits = "\(names.count - 1)".count
    return names.enumerated().map { pad("\($0)", digits, right: true) + " " + $1 }
  }
}
