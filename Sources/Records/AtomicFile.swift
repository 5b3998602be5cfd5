import Glibc

/// Files that are there as a whole or not at all.
public enum AtomicFile {
  /// Writes a file under a temporary name in the same folder, synchronizes it with the disk, renames it, and synchronizes
  /// the folder. After a crash at any moment the file of the name is the old one or the new one.
  /// - Throws: `FileError`; the temporary file is removed then.
  public static func write(to file: String, _ body: (_ descriptor: Int32) throws(FileError) -> Void) throws(FileError) {
    let temporary = "\(file).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(file, errno: errno) }
    do throws(FileError) {
      var isOpen = true
      defer { if isOpen { close(descriptor) } }
      try body(descriptor)
      if fsync(descriptor) != 0 { throw FileError(file, errno: errno) }
      isOpen = false
      if close(descriptor) != 0 { throw FileError(file, errno: errno) }
      if rename(temporary, file) != 0 { throw FileError(file, errno: errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    let folderDescriptor = open(Folder.path(of: file), O_RDONLY | O_CLOEXEC)
    if folderDescriptor >= 0 {
      fsync(folderDescriptor)
      close(folderDescriptor)
    }
  }

  /// Removes a temporary file if the process that wrote it is gone. Other files stay.
  public static func removeLeftover(_ path: String) {
    let parts = path.split(separator: ".")
    guard parts.last == "tmp", let process = parts.dropLast().last.flatMap({ pid_t($0) }), process > 0 else { return }
    if kill(process, 0) != 0, errno == ESRCH { unlink(path) }
  }
}
