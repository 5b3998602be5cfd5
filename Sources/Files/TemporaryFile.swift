import Glibc

/// A file beside the one that it is to become.
///
/// Its writer holds a lock on it as long as it is open, so that a leftover of a writer that was killed can be told from
/// a file that somebody is writing, on whatever machine that shares the folder.
public struct TemporaryFile {
  /// Where to write.
  let descriptor: Int32
  private let path: String

  /// Makes a file of a name that nobody can predict; what waits at that name, a link for example, is never opened.
  /// - Throws: `FileError` that names `name`, the file as the user knows it.
  init(beside file: String, mode: mode_t, _ name: String) throws(FileError) {
    while true {
      let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
      let path = "\(file).\(String(repeating: "0", count: 16 - digits.count))\(digits).tmp"
      let descriptor = openForWriting(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
      if descriptor < 0, errno == EEXIST { continue }
      guard descriptor >= 0 else { throw FileError(name, errno: errno) }
      flock(descriptor, LOCK_EX)
      var status = stat()
      if fstat(descriptor, &status) == 0, status.st_nlink == 0 {
        close(descriptor)  // another process took it for a leftover before it was locked
        continue
      }
      (self.path, self.descriptor) = (path, descriptor)
      return
    }
  }

  /// Gives the file its name. Returns 0 or the number of the error; the temporary file is gone either way.
  func rename(to file: String) -> Int32 {
    let isRenamed = FileName.withCString(of: path) { path in
      FileName.withCString(of: file) { Glibc.rename(path, $0) == 0 }
    }
    let code = isRenamed ? 0 : errno
    if !isRenamed { Folder.remove(path) }
    close(descriptor)
    return code
  }

  /// Removes the file.
  func remove() {
    Folder.remove(path)
    close(descriptor)
  }

  /// Removes the temporary files in the folder of a file whose writers are gone, where `isOurs` says so of the name of
  /// the file that they were to become.
  public static func removeLeftovers(beside file: String, _ isOurs: (String) -> Bool) {
    for name in (try? Folder.names(beside: file)) ?? [] {
      guard let original = original(of: name), isOurs(original) else { continue }
      let path = Folder.path(of: name, beside: file)
      let descriptor = openForWriting(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { Folder.remove(path) }
      close(descriptor)
    }
  }

  /// The name of the file that a temporary one was to become; nil for the names of other files.
  private static func original(of name: String) -> String? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 2, parts.last == "tmp", parts[parts.count - 2].utf8.count == 16,
      UInt64(parts[parts.count - 2], radix: 16) != nil
    else { return nil }
    return parts.dropLast(2).joined(separator: ".")
  }
}
