import Foundation

/// The files of the repository.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// What `swift package dump-package` says of the package with the targets of `bin/bench` and `bin/fuzz`. It works in
  /// a folder of its own, since that of a running `swift test` is locked.
  static func manifest() throws -> [String: Any] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rivulet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appendingPathComponent("output")
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "swift", "package", "--package-path", root.path, "--scratch-path", folder.path, "--manifest-cache", "none",
      "dump-package",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging([
      "RIVULET_BENCH": "1", "RIVULET_FUZZ": "1", "RIVULET_MPI": "1",
    ]) {
      $1
    }
    process.standardOutput = try FileHandle(forWritingTo: output)
    try process.run()
    process.waitUntilExit()
    return try JSONSerialization.jsonObject(with: Data(contentsOf: output)) as! [String: Any]
  }
}
