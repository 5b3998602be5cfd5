import Glibc

/// A failure to open, read or write a file.
public struct FileError: Error, CustomStringConvertible {
  public let description: String
  /// The reader of a pipe has gone away, as `head` does when it has enough: an end, not a failure.
  public let isClosedReader: Bool
  /// The file, where it is the system that says why it can't be used.
  public let file: String?

  /// Names the file and says what the system says of `errno`.
  public init(_ file: String, errno code: Int32) {
    description = "\(file): \(String(cString: strerror(code)))"
    isClosedReader = code == EPIPE
    self.file = file
  }

  /// Names the file and says why it can't be used.
  public init(_ file: String, _ reason: String) {
    description = "\(file): \(reason)"
    (isClosedReader, self.file) = (false, nil)
  }
}
