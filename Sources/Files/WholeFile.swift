import Glibc

/// Small files that are read at once.
public enum WholeFile {
  /// The most bytes that are read from a device, such as a terminal; `/dev/zero` has no end.
  private static let mostOfADevice = 1 << 20

  /// All bytes of a file.
  /// - Throws: `FileError` when it can't be read.
  public static func read(_ file: String) throws(FileError) -> [UInt8] {
    let descriptor = FileName.withCString(of: file) { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw FileError(file, errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    let isDevice = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(file, errno: errno)
      }
      if count == 0 { return bytes }
      bytes.append(contentsOf: buffer[..<count])
      if isDevice, bytes.count > mostOfADevice { throw FileError(file, "a device that gives bytes without an end") }
    }
  }

  /// The bytes of a file of text, without a mark before them.
  /// - Throws: `FileError` when it can't be read, is empty or has the mark of another encoding than UTF-8.
  public static func readText(_ file: String) throws(FileError) -> [UInt8] {
    var bytes = try read(file)
    guard !bytes.isEmpty else { throw FileError(file, "the file is empty") }
    var result: Result<Int, FileError>?
    bytes.withUnsafeBufferPointer { bytes in
      result = Result { () throws(FileError) in try ByteOrderMark.length(in: bytes, of: file) }
    }
    bytes.removeFirst(try result!.get())
    return bytes
  }
}
