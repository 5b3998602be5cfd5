/// What a progress line says, as text that fits into a terminal.
package struct ProgressLine {
  /// The name of the program, and what it counts.
  let program: String, unit: String
  /// How many there are, and how many there will be, if that is known.
  let count: Int, total: Int?
  /// How many there are a second.
  package var rate: Double?
  /// The share of all that is done, and the time that the rest takes.
  package var share: Double?, secondsLeft: Double?
  /// What else there is to say, the most important first.
  package var notes: [String] = []

  package init(program: String, unit: String, count: Int, total: Int? = nil) {
    (self.program, self.unit, self.count, self.total) = (program, unit, count, total)
  }

  /// The text, of fewer characters than there are columns, so that no terminal goes on in the next row.
  ///
  /// What has no room is left out. Room is given to the most important first: the count, what is counted, the program's
  /// name, what all of it comes to, the first note, the share, the time left, the rate, the other notes.
  package func text(columns: Int) -> String {
    var parts: [Part: String] = [.count: "\(count)", .unit: " \(unit)", .program: "\(program): "]
    parts[.total] = total.map { " of \($0)" }
    parts[.rate] = rate.map { ", \(Self.digits($0))/s" }
    parts[.share] = share.map { ", \(Int(100 * $0))%" }
    parts[.time] = secondsLeft.map { ", \(Self.clock($0)) left" }
    for (index, note) in notes.enumerated() { parts[.note(index)] = ", \(visible(note))" }
    var room = columns - 1
    var shown: Set<Part> = []
    for part in [.count, .unit, .program, .total, .note(0), .share, .time, .rate] + notes.indices.map(Part.note) {
      guard let text = parts[part], !shown.contains(part), Self.width(text) <= room else { continue }
      guard part == .count || shown.contains(.count) else { break }
      shown.insert(part)
      room -= Self.width(text)
    }
    let order: [Part] = [.program, .count, .total, .unit, .rate, .share, .time] + notes.indices.map(Part.note)
    return order.filter(shown.contains).compactMap { parts[$0] }.joined()
  }

  private enum Part: Hashable {
    case program, count, total, unit, rate, share, time
    case note(Int)
  }

  /// The columns that a text may take: characters that are not ASCII may take two.
  private static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.isASCII ? 1 : 2) }
  }

  private static func digits(_ rate: Double) -> String {
    guard rate.isFinite, rate < 1e15 else { return "many" }
    return rate < 100 ? "\((10 * rate).rounded() / 10)" : "\(Int(rate))"
  }

  private static func clock(_ seconds: Double) -> String {
    guard seconds < 1e9 else { return "ages" }
    let whole = Int(seconds.rounded())
    let rest = whole % 60
    return "\(whole / 60):\(rest < 10 ? "0" : "")\(rest)"
  }
}
