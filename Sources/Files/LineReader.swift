import Glibc

/// Reads files, or standard input, as blocks of whole lines. Memory is bounded by the longest line allowed. The mark
/// that some programs put before UTF-8 (U+FEFF) is no part of a file's first line.
public struct LineReader {
  /// The longest line that is kept, in bytes.
  public let maxLine: Int
  /// The files' sizes together where all are regular files, for a progress bar.
  public private(set) var totalSize: Int?
  /// The bytes read so far.
  public private(set) var bytesRead = 0

  private let keepsBlankLines: Bool
  private let stopDescriptor: Int32
  private let isStopped: @Sendable () -> Bool
  private var files: ArraySlice<String>
  private var input: OpenInput?
  private var descriptor: Int32? { input?.descriptor }
  private var file = ""
  private var nextLine = 1
  private var carry: [UInt8] = []
  private var isSkippingLine = false
  private var isAtStart = true

  /// Reads `files` one after the other; `-`, or no file at all, is standard input. Blank lines are left out, unless
  /// `keepsBlankLines` says that they mean something. When `isStopped` says so, that is the end of the input; a read
  /// that waits is woken by a signal, or for certain when `stopDescriptor` can be read from. A line that has no end yet
  /// is dropped then.
  public init(
    files: [String], maxLine: Int, keepsBlankLines: Bool = false, stopDescriptor: Int32 = -1,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.keepsBlankLines = keepsBlankLines
    self.stopDescriptor = stopDescriptor
    self.isStopped = isStopped
    self.files = files.isEmpty ? ["-"] : files[...]
    self.maxLine = maxLine
    totalSize = self.files.reduce(Optional(0)) { total, file in
      var status = stat()
      let result = file == "-" ? fstat(0, &status) : FileName.withCString(of: file) { stat($0, &status) }
      guard let total, result == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      let (sum, isTooLarge) = total.addingReportingOverflow(Int(status.st_size))
      return isTooLarge ? nil : sum
    }
  }

  /// What happens when there is nothing to read yet.
  public enum Idle: Sendable {
    /// It is waited for.
    case wait
    /// A look again, since time has gone by.
    case look
    /// That is the end of the input.
    case end
  }

  /// Fills `block` with the lines that the next reads bring. Returns false at the end of the last file.
  /// - Parameter whenIdle: Called when there is nothing to read yet: time for other work, and what is to happen then.
  public mutating func next(
    into block: LineBlock, whenIdle: () -> Idle = { .wait }
  ) throws(FileError) -> Bool {
    while !isStopped() {
      if descriptor == nil {
        guard let file = files.popFirst() else { return false }
        try open(file)
      }
      block.restart(file: file, firstLine: nextLine, keepsBlankLines: keepsBlankLines)
      if try fill(block, whenIdle) {
        nextLine += block.lines
        return true
      }
    }
    return false
  }

  private mutating func open(_ name: String) throws(FileError) {
    file = name == "-" ? "<stdin>" : name
    // A named pipe that nobody writes yet is waited for in `wait(for:)`, where a request to stop is seen.
    let flags = O_RDONLY | O_CLOEXEC | (stopDescriptor < 0 ? 0 : O_NONBLOCK)
    let opened = name == "-" ? 0 : FileName.withCString(of: name) { Glibc.open($0, flags) }
    guard opened >= 0 else { throw FileError(name, errno: errno) }
    if opened > 0, stopDescriptor >= 0 { _ = fcntl(opened, F_SETFL, fcntl(opened, F_GETFL) & ~O_NONBLOCK) }
    input = OpenInput(descriptor: opened)
    nextLine = 1
    isAtStart = true
  }

  /// Waits until there is something to read. Returns false when the program is to stop.
  private mutating func wait(for descriptor: Int32, _ whenIdle: () -> Idle) -> Bool {
    var requests = (
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stopDescriptor, events: Int16(POLLIN), revents: 0)
    )
    var timeout: Int32 = 0
    while true {
      _ = withUnsafeMutableBytes(of: &requests) {
        poll($0.assumingMemoryBound(to: pollfd.self).baseAddress, 2, timeout)
      }
      if isStopped() { return false }
      if requests.0.revents != 0 { return true }
      guard timeout == 0 else {
        timeout = 0  // a signal came, which `whenIdle` may have waited for
        continue
      }
      switch whenIdle() {
      case .look: break
      case .wait: timeout = -1
      case .end:
        (files, input) = ([], nil)
        return false
      }
    }
  }

  /// Passes over the mark before UTF-8 at the start of a file.
  /// - Throws: `FileError` for the marks of UTF-16 and UTF-32.
  private mutating func skipMark(in block: LineBlock) throws(FileError) {
    guard isAtStart else { return }
    isAtStart = false
    let bytes = Bytes(rebasing: Bytes(block.bytes)[..<block.count])
    block.start = try ByteOrderMark.length(in: bytes, of: file)
    block.cursor = block.start
    try ForeignFile.checkRecords(bytes, of: file)
  }

  /// Reads until the block has a line's end. Returns false when the file ended with nothing left.
  private mutating func fill(_ block: LineBlock, _ whenIdle: () -> Idle) throws(FileError) -> Bool {
    block.reserve(carry.count + 1 << 17)
    carry.withUnsafeBufferPointer {
      if let start = $0.baseAddress { memcpy(block.bytes.baseAddress!, start, $0.count) }
    }
    block.count = carry.count
    carry.removeAll(keepingCapacity: true)
    while true {
      block.reserve(block.count + 1 << 17)
      let start = block.bytes.baseAddress! + block.count
      if stopDescriptor >= 0, !wait(for: descriptor!, whenIdle) { return false }
      let count = read(descriptor!, start, block.bytes.count - block.count)
      if count < 0 {
        if errno == EINTR, isStopped() { return false }
        if errno == EAGAIN, !wait(for: descriptor!, whenIdle) { return false }
        if errno == EINTR || errno == EAGAIN { continue }
        throw FileError(file, errno: errno)
      }
      bytesRead += count
      if count == 0 {
        input = nil
        if isSkippingLine {
          isSkippingLine = false
          return false
        }
        try skipMark(in: block)
        return block.count > 0
      }
      block.count += count
      if isSkippingLine {
        // Drop what belongs to the line that was too long.
        guard let newline = memchr(start, 0x0a, count) else {
          block.count = 0
          continue
        }
        let kept = UnsafeMutableRawPointer(start).distance(to: newline) + 1
        memmove(block.bytes.baseAddress!, start + kept, count - kept)
        block.count = count - kept
        isSkippingLine = false
      }
      // What was there before this read holds no line's end.
      if let newline = block.bytes[max(block.count - count, 0)..<block.count].lastIndex(of: UInt8(ascii: "\n")) {
        let end = newline + 1
        carry.append(contentsOf: Bytes(rebasing: Bytes(block.bytes)[end..<block.count]))
        block.count = end
        try skipMark(in: block)
        return true
      }
      if block.count - 1 > maxLine {
        try skipMark(in: block)
        (block.cursor, block.start) = (0, 0)
        block.isOverlongLine = true
        block.count = 0
        isSkippingLine = true
        return true
      }
    }
  }
}

/// A file that is open for reading as long as it is referred to; standard input stays open.
private final class OpenInput: Sendable {
  let descriptor: Int32
  init(descriptor: Int32) { self.descriptor = descriptor }
  deinit {
    if descriptor != 0 { close(descriptor) }
  }
}
