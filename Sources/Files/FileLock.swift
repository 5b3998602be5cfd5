import Glibc

/// A lock beside a file, which tells other processes that one is writing it.
///
/// The system lets go of it when the process ends, however that happens. The lock's file is removed by `release()`;
/// what a process that was killed leaves is taken over by the next one.
public struct FileLock {
  /// What the holder before noted, if it was killed.
  public let noteBefore: String?
  private let path: String
  private let descriptor: Int32

  private static let mark = "rivulet process "

  /// Locks `file`, a path. Returns nil where the file system can't lock or lets no file be made for it: things go on
  /// without a lock then.
  /// - Parameters:
  ///   - file: The path of the file; the lock's is that and `.lock`.
  ///   - name: The file as the user knows it, for messages.
  /// - Throws: `FileError` when another process holds the lock.
  public static func take(_ file: String, name: String) throws(FileError) -> FileLock? {
    let path = "\(file).lock"
    while true {
      let descriptor = openForWriting(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK)
      guard descriptor >= 0 else {
        if [EROFS, EACCES, EPERM].contains(errno) { return nil }
        throw FileError(path, errno: errno)
      }
      let text = contents(descriptor)
      if !text.isEmpty, !text.hasPrefix(mark) {
        close(descriptor)
        throw FileError(path, "the name of the lock of \(name), but the file is no lock")
      }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        let code = errno
        close(descriptor)
        if code == EINTR { continue }
        if code == EWOULDBLOCK {
          let holder = text.isEmpty ? "another process" : text.dropFirst("rivulet ".count).prefix { $0 != "\n" }
          throw FileError(name, "\(holder) is writing it")
        }
        if text.isEmpty { Folder.remove(path) }
        return nil
      }
      // The holder before may have removed the file after it was opened here.
      guard Folder.isSame(path, descriptor: descriptor) else {
        close(descriptor)
        continue
      }
      // Behind the second line there may be the rest of a longer one before.
      let lines = contents(descriptor).split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
      let before = lines.count > 2 && !lines[1].isEmpty ? String(lines[1]) : nil
      let lock = FileLock(noteBefore: before, path: path, descriptor: descriptor)
      lock.note(lock.noteBefore ?? "")
      return lock
    }
  }

  /// Leaves a note of one line for a process that takes over after this one was killed. There is a whole note at every
  /// moment.
  public func note(_ text: String) {
    let bytes = Array("\(Self.mark)\(getpid()) on \(Self.host)\n\(text)\n".utf8)
    pwrite(descriptor, bytes, bytes.count, 0)
    ftruncate(descriptor, bytes.count)
  }

  private static func contents(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 1 << 13)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
  }

  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "this machine" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Lets go of the lock and removes its file.
  public func release() {
    Folder.remove(path)
    close(descriptor)
  }
}
