import Glibc

/// Paths, folders, and which file is which.
public enum Folder {
  /// The path of the folder that holds a file.
  public static func path(of file: String) -> String { file.lastIndex(of: "/").map { String(file[...$0]) } ?? "." }

  /// The last part of a path.
  public static func name(of file: String) -> String { file.split(separator: "/").last.map(String.init) ?? file }

  /// The path of another file in the same folder.
  public static func path(of name: String, beside file: String) -> String {
    file.lastIndex(of: "/").map { String(file[...$0]) + name } ?? name
  }

  /// The names of all files in the folder of a file.
  /// - Throws: `FileError` when the folder can't be read.
  public static func names(beside file: String) throws(FileError) -> [String] {
    guard let folder = opendir(path(of: file)) else { throw FileError(path(of: file), errno: errno) }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }

  /// Makes a change of names in the folder of a file last through a power cut.
  public static func synchronize(of file: String) {
    let descriptor = open(path(of: file), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The path to which a link leads, from where the link's own path is taken; nil, and `errno`, when it can't be read.
  static func linkedPath(_ link: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = buffer.withUnsafeMutableBytes {
      readlink(link, $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count)
    }
    guard count >= 0 else { return nil }
    let target = String(decoding: buffer[..<count], as: UTF8.self)
    return target.hasPrefix("/") ? target : path(of: target, beside: link)
  }

  /// Whether two paths lead to one file, whether it is there already or not.
  public static func isSame(_ path: String, _ other: String) -> Bool {
    var (status, otherStatus) = (stat(), stat())
    let isThere = (stat(path, &status) == 0, stat(other, &otherStatus) == 0)
    if isThere.0 && isThere.1 { return isSame(status, otherStatus) }
    guard !isThere.0, !isThere.1, name(of: path) == name(of: other) else { return false }
    return stat(self.path(of: path), &status) == 0 && stat(self.path(of: other), &otherStatus) == 0
      && isSame(status, otherStatus)
  }

  /// Whether a path leads to the file that a descriptor has open.
  public static func isSame(_ path: String, descriptor: Int32) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && isSame(status, descriptor: descriptor)
  }

  static func isSame(_ status: stat, descriptor: Int32) -> Bool {
    var open = stat()
    return fstat(descriptor, &open) == 0 && isSame(status, open)
  }

  private static func isSame(_ a: stat, _ b: stat) -> Bool { a.st_dev == b.st_dev && a.st_ino == b.st_ino }
}
