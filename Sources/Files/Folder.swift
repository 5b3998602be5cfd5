import Glibc

/// Paths, folders, and which file is which.
public enum Folder {
  /// The path of the folder that holds a file.
  public static func path(of file: String) -> String {
    folder(of: file) ?? "."
  }

  /// The folder of a path with its slash, if there is one. A mark that combines with a slash begins the name behind it.
  private static func folder(of path: String) -> String? {
    path.unicodeScalars.lastIndex(of: "/").map { String(path.unicodeScalars[...$0]) }
  }

  /// The last part of a path.
  public static func name(of file: String) -> String {
    file.unicodeScalars.split(separator: "/").last.map(String.init) ?? file
  }

  /// The path of another file in the same folder.
  public static func path(of name: String, beside file: String) -> String {
    (folder(of: file) ?? "") + name
  }

  /// The names of all files in the folder of a file.
  /// - Throws: `FileError` when the folder can't be read.
  public static func names(beside file: String) throws(FileError) -> [String] {
    guard let folder = FileName.withCString(of: path(of: file), { opendir($0) }) else {
      throw FileError(path(of: file), errno: errno)
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) {
          FileName.string($0.baseAddress!.assumingMemoryBound(to: CChar.self))
        })
    }
    return names
  }

  /// Makes a change of names in the folder of a file last through a power cut.
  public static func synchronize(of file: String) {
    let descriptor = FileName.withCString(of: path(of: file)) { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The path to which a link leads, from where the link's own path is taken; nil, and `errno`, when it can't be read.
  static func linkedPath(_ link: String) -> String? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = FileName.withCString(of: link) { readlink($0, &buffer, buffer.count - 1) }
    guard count >= 0 else { return nil }
    let target = FileName.string(buffer)
    return target.utf8.first == UInt8(ascii: "/") ? target : path(of: target, beside: link)
  }

  /// Whether two paths lead to one file, whether it is there already or not.
  public static func isSame(_ path: String, _ other: String) -> Bool {
    switch (status(of: path), status(of: other)) {
    case (let status?, let otherStatus?): return isSame(status, otherStatus)
    case (nil, nil):
      guard name(of: path).utf8.elementsEqual(name(of: other).utf8), let folder = status(of: self.path(of: path)),
        let otherFolder = status(of: self.path(of: other))
      else { return false }
      return isSame(folder, otherFolder)
    default: return false
    }
  }

  /// Whether a path leads to the file that a descriptor has open.
  public static func isSame(_ path: String, descriptor: Int32) -> Bool {
    status(of: path).map { isSame($0, descriptor: descriptor) } ?? false
  }

  /// Removes a file.
  public static func remove(_ path: String) { _ = FileName.withCString(of: path) { unlink($0) } }

  /// What the system says of a file; nil, and `errno`, when there is none.
  public static func status(of path: String, followingLinks: Bool = true) -> stat? {
    var status = stat()
    let flags = followingLinks ? 0 : AT_SYMLINK_NOFOLLOW
    return FileName.withCString(of: path) { fstatat(AT_FDCWD, $0, &status, flags) } == 0 ? status : nil
  }

  static func isSame(_ status: stat, descriptor: Int32) -> Bool {
    var open = stat()
    return fstat(descriptor, &open) == 0 && isSame(status, open)
  }

  private static func isSame(_ a: stat, _ b: stat) -> Bool { a.st_dev == b.st_dev && a.st_ino == b.st_ino }
}
