import Glibc

/// Buffered output to a file descriptor. A write that fails is always reported.
public struct Output: ~Copyable {
  /// What waits to be written. Append to it, then call `flushIfFull()`.
  public var bytes: [UInt8] = []
  private let descriptor: Int32
  private let name: String
  private let isUnbuffered: Bool
  private static let limit = 1 << 16

  /// Standard output: flushed at every opportunity on a terminal or when asked to.
  public static func standard(unbuffered: Bool = false) -> Output {
    Output(descriptor: 1, name: "<stdout>", unbuffered: unbuffered || isatty(1) == 1)
  }

  /// Output to a descriptor that the caller closes.
  public init(descriptor: Int32, name: String, unbuffered: Bool = false) {
    self.descriptor = descriptor
    self.name = name
    isUnbuffered = unbuffered
  }

  /// Writes what waits when there is enough of it, or when output is unbuffered.
  public mutating func flushIfFull() throws(FileError) {
    if bytes.count >= Self.limit || isUnbuffered { try flush() }
  }

  /// Writes what waits.
  public mutating func flush() throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, $0.count - written) }
      if count < 0 {
        if errno == EINTR { continue }
        if errno == EAGAIN {
          // A pipe or terminal that another process has told not to block.
          var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&request, 1, -1)
          continue
        }
        let code = errno
        bytes.removeAll()
        throw FileError(name, errno: code)
      }
      written += count
    }
    bytes.removeAll(keepingCapacity: true)
  }

  /// Writes what waits and closes the descriptor, which is when some file systems report that they are full.
  public consuming func close() throws(FileError) {
    try flush()
    if Glibc.close(descriptor) != 0, errno != EBADF { throw FileError(name, errno: errno) }
  }
}
