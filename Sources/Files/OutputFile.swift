import Glibc

/// A file that a program was told to write.
///
/// A regular file is there as a whole or not at all: it is written under a temporary name beside it, synchronized with
/// the disk and renamed. Links are followed first, so that a link stays one. What is no regular file (a device, a named
/// pipe, an open descriptor like `/dev/stdout` or bash's `>(…)`) is written through, and so is the file that standard
/// output or standard error has open, whose contents would be lost otherwise. The name `-` is standard output.
public struct OutputFile: Sendable {
  /// The name that was given.
  public let name: String
  private let target: Target

  private enum Target: Sendable {
    /// A regular file, or none yet, by a path whose last part is no link.
    case file(String)
    /// Something that is opened and written through.
    case special(String)
    /// Something that this process has open, and a copy that stays open when standard output is closed at the end.
    case descriptor(Int32, copy: Int32)
  }

  /// Finds out where a name leads.
  /// - Throws: `FileError` when it names a folder, a socket, a descriptor that can't be written, or links in a circle.
  public init(_ name: String) throws(FileError) {
    self.name = name
    target = try Self.target(of: name)
  }

  private static func target(of name: String) throws(FileError) -> Target {
    if name == "-" {
      guard isWritable(1) else { throw FileError(name, errno: EBADF) }
      return .descriptor(1, copy: copy(1))
    }
    var path = name
    for _ in 0..<40 {
      if let descriptor = openDescriptor(path) {
        guard isWritable(descriptor) else { throw FileError(name, errno: EBADF) }
        return .descriptor(descriptor, copy: copy(descriptor))
      }
      guard let status = Folder.status(of: path, followingLinks: false) else {
        guard errno == ENOENT, !path.isEmpty else { throw FileError(name, errno: errno) }
        return .file(path)
      }
      let standard = [1, 2].first { isWritable($0) && Folder.isSame(status, descriptor: $0) }
      switch (status.st_mode & S_IFMT, standard) {
      case (S_IFLNK, _):
        guard let linked = Folder.linkedPath(path) else { throw FileError(name, errno: errno) }
        path = linked
      case (S_IFDIR, _): throw FileError(name, errno: EISDIR)
      case (_, let standard?): return .descriptor(standard, copy: copy(standard))
      case (S_IFREG, _): return .file(path)
      case (S_IFSOCK, _): throw FileError(name, errno: ENXIO)
      default: return .special(path)
      }
    }
    throw FileError(name, errno: ELOOP)
  }

  private static func copy(_ descriptor: Int32) -> Int32 { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) }

  private static func isWritable(_ descriptor: Int32) -> Bool {
    let flags = fcntl(descriptor, F_GETFL)
    return flags >= 0 && flags & O_ACCMODE != O_RDONLY
  }

  /// The descriptor of this process that a path like `/proc/self/fd/1` stands for.
  private static func openDescriptor(_ path: String) -> Int32? {
    guard let number = Int32(Folder.name(of: path)), number >= 0,
      let folder = FileName.withCString(of: Folder.path(of: path), { realpath($0, nil) })
    else { return nil }
    defer { free(folder) }
    let parts = String(cString: folder).split(separator: "/")
    return parts.count >= 3 && parts[0] == "proc" && parts[1] == "\(getpid())" && parts.last == "fd" ? number : nil
  }

  /// The path of the regular file that is, or will be, there; nil for what is written through.
  public var path: String? {
    if case .file(let path) = target { return path }
    return nil
  }

  /// Whether writing goes to standard output.
  public var isStandardOutput: Bool {
    if case .descriptor(1, _) = target { return true }
    return false
  }

  /// Whether two names lead to one regular file.
  public func isSame(as other: OutputFile) -> Bool {
    guard let path, let otherPath = other.path else { return false }
    return Folder.isSame(path, otherPath)
  }

  /// Finds out before the work that the file could be written, and removes what a writer that was killed has left.
  /// Nothing changes.
  /// - Throws: `FileError` when the folder or the file does not let itself be written.
  public func check() throws(FileError) {
    switch target {
    case .descriptor: return
    case .special(let path): try checkAccess(path)
    case .file(let path):
      if Folder.status(of: path) != nil { try checkAccess(path) }
      try TemporaryFile(beside: path, mode: 0o600, name).remove()
      TemporaryFile.removeLeftovers(beside: path) { $0 == Folder.name(of: path) }
    }
  }

  private func checkAccess(_ path: String) throws(FileError) {
    let code = FileName.withCString(of: path) { faccessat(AT_FDCWD, $0, W_OK, AT_EACCESS) }
    if code != 0 { throw FileError(name, errno: errno) }
  }

  /// Writes the file. `body` gives what is in it, and `isWhole` is called when all of that is safe, just before it
  /// replaces what was there. A file that is replaced hands its owner and permissions on.
  /// - Throws: `FileError`; a regular file is as it was then. A pipe whose reader has gone away is a failure, too,
  ///   unless it is standard output.
  public func write(
    isWhole: () throws(FileError) -> Void = { () throws(FileError) in },
    _ body: (inout Output) throws(FileError) -> Void
  ) throws(FileError) {
    switch target {
    case .descriptor(_, let copy):
      try fill(copy, body)
      try isWhole()
    case .special(let path):
      try writeThrough(path, 0, body)
      try isWhole()
    case .file(let path): try replace(path, isWhole, body)
    }
  }

  /// Writes the file, which holds just these bytes.
  /// - Throws: As above.
  public func write(_ bytes: some Sequence<UInt8>) throws(FileError) {
    try write { output throws(FileError) in output.bytes = Array(bytes) }
  }

  private func replace(
    _ path: String, _ isWhole: () throws(FileError) -> Void, _ body: (inout Output) throws(FileError) -> Void
  ) throws(FileError) {
    let old = Folder.status(of: path)
    let temporary = try TemporaryFile(beside: path, mode: old.map { $0.st_mode & 0o777 } ?? 0o666, name)
    do throws(FileError) {
      try fill(temporary.descriptor, body)
      if let old {
        // Without the right to give files away the writer owns the new one.
        let isGiven = fchown(temporary.descriptor, old.st_uid, old.st_gid) == 0
        fchmod(temporary.descriptor, old.st_mode & (isGiven ? 0o7777 : 0o777))
      }
      // Some file systems can't synchronize, and say so.
      if fsync(temporary.descriptor) != 0, errno != EINVAL, errno != ENOTSUP { throw FileError(name, errno: errno) }
      try isWhole()
    } catch {
      temporary.remove()
      throw error
    }
    let code = temporary.rename(to: path)
    switch code {
    case 0: Folder.synchronize(of: path)
    case EBUSY: try writeThrough(path, O_TRUNC, body)  // a file that a container mounts can't be replaced
    default: throw FileError(name, errno: code)
    }
  }

  private func writeThrough(
    _ path: String, _ flags: Int32, _ body: (inout Output) throws(FileError) -> Void
  ) throws(FileError) {
    let descriptor = openForWriting(path, O_WRONLY | O_NOCTTY | flags)
    guard descriptor >= 0 else { throw FileError(name, errno: errno) }
    do throws(FileError) {
      try fill(descriptor, body)
    } catch {
      close(descriptor)
      throw error
    }
    if close(descriptor) != 0 { throw FileError(name, errno: errno) }
  }

  private func fill(_ descriptor: Int32, _ body: (inout Output) throws(FileError) -> Void) throws(FileError) {
    var output = Output(descriptor: descriptor, name: name)
    do throws(FileError) {
      try body(&output)
      try output.flush()
    } catch {
      throw error.isClosedReader && !isStandardOutput ? FileError(name, "the reader has gone away") : error
    }
  }

  /// Opens the file to write it as it comes; what was there goes. The descriptor is the caller's, as with `openToAppend`.
  /// - Throws: `FileError` when it can't be opened.
  public func openToWrite() throws(FileError) -> Int32 {
    let descriptor = try openToAppend()
    if case .file = target, ftruncate(descriptor, 0) != 0 { throw FileError(name, errno: errno) }
    return descriptor
  }

  /// Opens the file to add to its end; what is no regular file, to write through. The descriptor is the caller's to
  /// write to and to keep open as long as the program runs.
  /// - Throws: `FileError` when it can't be opened.
  public func openToAppend() throws(FileError) -> Int32 {
    let descriptor =
      switch target {
      case .descriptor(_, let copy): copy
      case .special(let path): openForWriting(path, O_WRONLY | O_NOCTTY)
      case .file(let path): openForWriting(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW)
      }
    guard descriptor >= 0 else { throw FileError(name, errno: errno) }
    return descriptor
  }
}

/// Opens a file for writing.
func openForWriting(_ path: String, _ flags: Int32, mode: mode_t = 0o666) -> Int32 {
  FileName.withCString(of: path) { open($0, flags | O_CLOEXEC, mode) }
}
