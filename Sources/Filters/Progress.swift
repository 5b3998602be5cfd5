import Glibc

/// A line on a terminal that tells how far a program is: count, rate, and the share and time left where the size of
/// the input or the count at the end is known. Silent when standard error is not a terminal.
///
/// The terminal is asked for its width whenever the line is drawn. The cursor waits at the beginning of the line, so
/// that all of it can be cleared even when the terminal was made narrower meanwhile and shows it in two rows.
public struct Progress {
  private let unit: String
  private let isShown: Bool
  private let size: Int?, total: Int?
  private let terminal: Int32
  private let clock: () -> Double
  private let start: Double
  private var next: Double
  private var isDrawn = false
  private let countBefore: Int

  /// Counts `unit`s of an input of `size` bytes, or up to `total`, of which `countBefore` were there before.
  /// - Parameters:
  ///   - unit: What is counted, in the plural.
  ///   - isShown: Whether there is to be a line. Where standard output is a terminal, too, there is none.
  ///   - size: The bytes of the input, if they are known.
  ///   - total: The count at the end, if it is known.
  ///   - countBefore: What was there before; it says nothing of the rate.
  ///   - terminal: The descriptor of the terminal.
  ///   - output: The descriptor of standard output.
  ///   - clock: The time in seconds.
  public init(
    unit: String, isShown: Bool, size: Int? = nil, total: Int? = nil, countBefore: Int = 0, terminal: Int32 = 2,
    output: Int32 = 1, clock: @escaping () -> Double = Progress.seconds
  ) {
    self.unit = unit
    self.isShown = isShown && isatty(terminal) == 1 && isatty(output) == 0
    self.size = size
    self.total = total
    self.countBefore = countBefore
    self.terminal = terminal
    self.clock = clock
    start = clock()
    next = start + 0.5
  }

  /// Draws the line anew, ten times a second at the most.
  /// - Parameters:
  ///   - count: How many there are.
  ///   - bytesRead: How much of the input is read.
  ///   - notes: What else there is to say, the most important first.
  public mutating func show(_ count: Int, bytesRead: Int = 0, notes: [String] = []) {
    guard isShown else { return }
    let now = clock()
    guard now >= next else { return }
    next = now + 0.1
    var line = ProgressLine(program: programName, unit: unit, count: count, total: total)
    let elapsed = now - start
    let rate = Double(count - countBefore) / elapsed
    line.rate = rate
    if let size, size > 0, bytesRead > 0 {
      line.share = min(Double(bytesRead) / Double(size), 1)
      line.secondsLeft = elapsed * Double(max(size - bytesRead, 0)) / Double(bytesRead)
    } else if let total, total > 0, rate > 0 {
      line.share = min(Double(count) / Double(total), 1)
      line.secondsLeft = Double(total - count) / rate
    }
    line.notes = notes
    writeAll("\r\u{1b}[J\(line.text(columns: Self.columns(of: terminal)))\r", to: terminal)
    isDrawn = true
  }

  /// Removes the line from the terminal.
  public mutating func clear() {
    if isDrawn { writeAll("\r\u{1b}[J", to: terminal) }
    isDrawn = false
  }

  /// The width of a terminal in columns; 80 where it does not know.
  static func columns(of terminal: Int32) -> Int {
    var window = winsize()
    guard ioctl(terminal, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return 80 }
    return Int(window.ws_col)
  }

  /// Seconds of a clock that only goes forward.
  public static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
