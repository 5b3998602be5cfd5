import Glibc

/// A line on a terminal that tells how far a program is: count, rate, and the share and time left where the size of
/// the input is known. Silent when standard error is not a terminal.
public struct Progress {
  private let unit: String
  private let isShown: Bool
  private let size: Int?
  private let start = seconds()
  private var next: Double
  private var isDrawn = false

  /// Counts `unit`s of an input of `size` bytes. Not shown when standard output is the same terminal.
  public init(unit: String, isShown: Bool, size: Int? = nil) {
    self.unit = unit
    self.isShown = isShown && isatty(2) == 1 && isatty(1) == 0
    self.size = size
    next = start + 0.5
  }

  /// Draws the line anew, ten times a second at the most.
  public mutating func show(_ count: Int, bytesRead: Int = 0, note: String = "") {
    guard isShown else { return }
    let now = Self.seconds()
    guard now >= next else { return }
    next = now + 0.1
    let elapsed = now - start
    var line = "\(programName): \(count) \(unit), \(Int(Double(count) / elapsed))/s"
    if let size, size > 0, bytesRead > 0 {
      let left = elapsed * Double(size - bytesRead) / Double(bytesRead)
      line += ", \(100 * bytesRead / size)%, \(Self.clock(left)) left"
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

  private static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    let rest = whole % 60
    return "\(whole / 60):\(rest < 10 ? "0" : "")\(rest)"
  }
}
