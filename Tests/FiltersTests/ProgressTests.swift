import Filters
import Glibc
import Synchronization
import Testing

/// The line on a pseudo terminal.
@Suite struct ProgressTests {
  /// A terminal, and where what is written to it arrives.
  struct Terminal {
    let controller: Int32, terminal: Int32

    /// Requests of Linux's pseudo terminals: to unlock one, and for its number under /dev/pts.
    private static let unlock: UInt = 0x4004_5431, number: UInt = 0x8004_5430

    init(columns: Int) throws {
      controller = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      var (isLocked, number) = (0 as Int32, 0 as Int32)
      try #require(ioctl(controller, Self.unlock, &isLocked) == 0 && ioctl(controller, Self.number, &number) == 0)
      terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
      try #require(isatty(terminal) == 1)
      resize(columns)
    }

    func resize(_ columns: Int) {
      var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
      #expect(ioctl(controller, UInt(TIOCSWINSZ), &size) == 0)
    }

    /// What was written since the last time. A mark behind it tells where it ends, so that nothing needs to be waited for.
    func read() -> String {
      Self.send("\u{7}", to: terminal)
      var bytes: [UInt8] = []
      while bytes.last != 7 {
        var byte: UInt8 = 7
        guard Glibc.read(controller, &byte, 1) == 1 else { break }
        bytes.append(byte)
      }
      return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    static func send(_ text: String, to descriptor: Int32) {
      let bytes = Array(text.utf8)
      #expect(write(descriptor, bytes, bytes.count) == bytes.count)
    }

    func closeBoth() {
      close(controller)
      close(terminal)
    }
  }

  /// A clock that a test turns.
  final class Clock: Sendable {
    private let tenths = Atomic(0)
    var seconds: Double { Double(tenths.load(ordering: .relaxed)) / 10 }
    func advance(_ tenths: Int) { self.tenths.add(tenths, ordering: .relaxed) }
  }

  func progress(_ terminal: Terminal, _ clock: Clock, output: Int32, total: Int? = 1000) -> Progress {
    Progress(unit: "steps", isShown: true, total: total, terminal: terminal.terminal, output: output) { clock.seconds }
  }

  /// What one `show` draws: all before is cleared, and the cursor goes back to the beginning.
  func drawn(_ text: String) throws -> String {
    let parts = text.split(separator: "\r", omittingEmptySubsequences: false)
    try #require(parts.count == 3 && parts[0].isEmpty && parts[2].isEmpty, "\(text.debugDescription)")
    #expect(parts[1].hasPrefix("\u{1b}[J"))
    return String(parts[1].dropFirst(3))
  }

  @Test func theLineFollowsTheWidthOfTheTerminal() throws {
    let (terminal, clock) = (try Terminal(columns: 100), Clock())
    defer { terminal.closeBoth() }
    let output = open("/dev/null", O_WRONLY)
    defer { close(output) }
    var progress = progress(terminal, clock, output: output)
    progress.show(1)
    #expect(terminal.read() == "")

    clock.advance(100)
    let notes = ["loss 0.6931", "eval loss 0.7010 at step 100"]
    progress.show(200, notes: notes)
    let wide = try drawn(terminal.read())
    #expect(wide.hasSuffix(": 200 of 1000 steps, 20.0/s, 20%, 0:40 left, loss 0.6931") && wide.count < 100)
    // Ten times a second are enough.
    progress.show(201, notes: notes)
    #expect(terminal.read() == "")

    for columns in [40, 12, 200, 1, 70] {
      terminal.resize(columns)
      clock.advance(1)
      progress.show(202, notes: notes)
      let line = try drawn(terminal.read())
      #expect(line.count < max(columns, 1))
      #expect(columns < 12 || line.contains("202"))
      #expect(columns < 200 || line.hasSuffix("eval loss 0.7010 at step 100"))
    }
    progress.clear()
    #expect(terminal.read() == "\r\u{1b}[J")
    progress.clear()
    #expect(terminal.read() == "")
  }

  /// A terminal that does not know its width is one of 80 columns.
  @Test func aTerminalWithoutAWidthHas80Columns() throws {
    let (terminal, clock) = (try Terminal(columns: 0), Clock())
    defer { terminal.closeBoth() }
    let output = open("/dev/null", O_WRONLY)
    defer { close(output) }
    var progress = progress(terminal, clock, output: output, total: nil)
    clock.advance(100)
    progress.show(202, notes: ["loss 0.6931", String(repeating: "x", count: 60)])
    let line = try drawn(terminal.read())
    #expect(line.hasSuffix(": 202 steps, 20.2/s, loss 0.6931"))
  }

  /// Where the records go to the same terminal, or to none, nothing is drawn.
  @Test func nothingIsDrawnAmongTheRecords() throws {
    let (terminal, clock) = (try Terminal(columns: 80), Clock())
    defer { terminal.closeBoth() }
    let file = open("/dev/null", O_WRONLY)
    defer { close(file) }
    var among = progress(terminal, clock, output: terminal.terminal)
    var quiet = Progress(unit: "steps", isShown: false, terminal: terminal.terminal, output: file) { clock.seconds }
    clock.advance(100)
    among.show(5)
    quiet.show(5)
    among.clear()
    #expect(terminal.read() == "")
  }
}
