import Glibc

/// The folder of a file.
public enum Folder {
  /// The path of the folder that holds a file.
  public static func path(of file: String) -> String { file.lastIndex(of: "/").map { String(file[...$0]) } ?? "." }

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
}
