import Glibc

/// A line of input and where it stands.
public struct Line {
  /// The line without its end, valid as long as its block is not filled anew; nil when it is longer than allowed.
  public let bytes: Bytes?
  /// The file's name for messages, and the line's number in it, from 1.
  public let file: String, number: Int

  /// A line from elsewhere.
  /// - Parameters: See the properties.
  public init(bytes: Bytes?, file: String, number: Int) {
    (self.bytes, self.file, self.number) = (bytes, file, number)
  }
}

/// Whole lines read at once from one file, so that they can be worked on elsewhere while the next ones are read.
public final class LineBlock: @unchecked Sendable {
  /// The name for messages: the operand, or `<stdin>`.
  public internal(set) var file = ""
  /// The number of the block's first line, from 1.
  public internal(set) var firstLine = 1
  /// Blank lines are lines like others.
  var keepsBlankLines = false
  /// The block holds nothing but the number of one line that was too long to be kept.
  var isOverlongLine = false
  var bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
  var count = 0
  var cursor = 0
  /// Where the first line begins: behind the mark that a file may begin with.
  var start = 0
  private var linesTaken = 0

  /// A block without lines, for a reader to fill.
  public init() {}
  deinit { bytes.deallocate() }

  /// The next line, without its `\n` or `\r\n`; nil at the end of the block. Blank lines are left out, unless the
  /// reader keeps them.
  public func nextLine() -> Line? {
    if isOverlongLine, cursor == 0 {
      cursor = 1
      return Line(bytes: nil, file: file, number: firstLine)
    }
    while cursor < count {
      let rest = bytes.baseAddress! + cursor
      let newline = memchr(rest, 0x0a, count - cursor)
      var length = newline.map { UnsafeMutableRawPointer(rest).distance(to: $0) } ?? count - cursor
      cursor += length + 1
      linesTaken += 1
      if length > 0, rest[length - 1] == UInt8(ascii: "\r") { length -= 1 }
      let line = Bytes(start: rest, count: length)
      if !keepsBlankLines, line.isBlank { continue }
      return Line(bytes: line, file: file, number: firstLine + linesTaken - 1)
    }
    return nil
  }

  /// Goes back to the first line.
  public func rewind() { (cursor, linesTaken) = (start, 0) }

  func restart(file: String, firstLine: Int, keepsBlankLines: Bool) {
    self.file = file
    self.firstLine = firstLine
    self.keepsBlankLines = keepsBlankLines
    isOverlongLine = false
    (count, cursor, start, linesTaken) = (0, 0, 0, 0)
  }

  /// How many line ends the block holds.
  var lines: Int {
    var lines = 0
    var start = 0
    while start < count, let newline = memchr(bytes.baseAddress! + start, 0x0a, count - start) {
      lines += 1
      start = UnsafeMutableRawPointer(bytes.baseAddress!).distance(to: newline) + 1
    }
    return max(lines, isOverlongLine ? 1 : 0)
  }

  func reserve(_ capacity: Int) {
    guard bytes.count < capacity else { return }
    let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(capacity, 2 * bytes.count))
    memcpy(larger.baseAddress!, bytes.baseAddress!, count)
    bytes.deallocate()
    bytes = larger
  }
}
