import Glibc

/// A line on a terminal that tells how far a program is: count, rate, and the share and time left where the size of
/// the input or the count at the end is known. Silent when standard error is not a terminal.
public struct Progress {
  private let unit: String
  private let isShown: Bool
  private let size: Int?, total: Int?
  private let start = seconds()
  private var next: Double
  private var isDrawn = false
  private let countBefore: Int

  /// Counts `unit`s of an input of `size` bytes, or up to `total`, of which `countBefore`
  /// were there before. Not shown when standard output is the same terminal.
  public init(unit: String, isShown: Bool, size: Int? = nil, total: Int? = nil, countBefore: Int = 0) {
    self.unit = unit
    self.isShown = isShown && isatty(2) == 1 && isatty(1) == 0
    self.size = size
    self.total = total
    self.countBefore = countBefore
    next = start + 0.5
  }

  /// Draws the line anew, ten times a second at the most.
  public mutating func show(_ count: Int, bytesRead: Int = 0, note: String = "") {
    guard isShown else { return }
    let now = Self.seconds()
    guard now >= next else { return }
    next = now + 0.1
    let elapsed = now - start
    let rate = Double(count - countBefore) / elapsed
    let digits = rate < 100 ? "\((10 * rate).rounded() / 10)" : "\(Int(rate))"
    var line = "\(programName): \(count)\(total.map { " of \($0)" } ?? "") \(unit), \(digits)/s"
    if let size, size > 0, bytesRead > 0 {
      let remaining = elapsed * Double(max(size - bytesRead, 0)) / Double(bytesRead)
      line += ", \(Self.percent(bytesRead, of: size))%, \(Self.clock(remaining)) left"
    } else if let total, total > 0, rate > 0 {
      line += ", \(Self.percent(count, of: total))%, \(Self.clock(Double(total - count) / rate)) left"
    }
    writeAll("\r\u{1b}[K\(line)\(note.isEmpty ? "" : ", ")\(note)", to: 2)
    isDrawn = true
  }

  /// Removes the line from the terminal.
  public mutating func clear() {
    if isDrawn { writeAll("\r\u{1b}[K", to: 2) }
    isDrawn = false
  }

  /// Seconds of a clock that only goes forward.
  public static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func percent(_ part: Int, of whole: Int) -> Int { Int(100 * min(Double(part) / Double(whole), 1)) }

  private static func clock(_ seconds: Double) -> String {
    guard seconds < 1e9 else { return "ages" }
    let whole = Int(seconds.rounded())
    let rest = whole % 60
    return "\(whole / 60):\(rest < 10 ? "0" : "")\(rest)"
  }
}
