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
    let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
    let folderDescriptor = open(folder, O_RDONLY | O_CLOEXEC)
    if folderDescriptor >= 0 {
      fsync(folderDescriptor)
      close(folderDescriptor)
    }
  }
}
