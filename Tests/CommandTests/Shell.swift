import Foundation

/// Runs shell commands with the programs of this build on the PATH, each in a folder of its own.
struct Shell {
  /// What a command did.
  struct Result: Equatable {
    var output: String
    var errors: String
    var status: Int32
  }

  /// The folder with the programs of this build.
  static let programs = Bundle.main.executableURL!.deletingLastPathComponent()
  /// The root of the repository.
  static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  /// Whether the programs are built for a sanitizer (`bin/check --sanitize`).
  static let isSanitized = ProcessInfo.processInfo.environment["RIVULET_SANITIZE"] != nil
  /// The data beside the repository, if it is there.
  static let sharedData: URL? = {
    let folder = repository.deletingLastPathComponent().appendingPathComponent("shared/data")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  /// A new empty folder in which the commands run; `samples` in it is the repository's.
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("rivulet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: folder.appendingPathComponent("samples"),
      withDestinationURL: Self.repository.appendingPathComponent("samples"))
  }

  /// Removes the folder.
  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// Starts a process that hears of all signals, or of none: what the threads of tests block, it would block, too.
  private static func start(_ process: Process, blocksSignals: Bool) throws {
    var (mask, before) = (sigset_t(), sigset_t())
    sigemptyset(&mask)
    if blocksSignals { sigfillset(&mask) }
    pthread_sigmask(SIG_SETMASK, &mask, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try process.run()
  }

  /// Runs `command` with `input` on its standard input. Output and errors go to files, so neither can fill up a pipe.
  /// A command that hangs ends after twenty minutes, with status 124, so that the other tests come to their end.
  func run(
    _ command: String, input: Data = Data(), shell: String = "/bin/sh", blocksSignals: Bool = false
  ) throws -> Result {
    let files = ["input", "output", "errors"].map { folder.appendingPathComponent(".\($0)") }
    for file in files { try Data().write(to: file) }
    try input.write(to: files[0])
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["timeout", "--foreground", "1200", shell, "-c", command]
    process.currentDirectoryURL = folder
    var environment = ProcessInfo.processInfo.environment
    environment["PATH"] = "\(Self.programs.path):\(environment["PATH"] ?? "/usr/bin:/bin")"
    environment["RIVULET_BUILT"] = Self.programs.path
    environment["COLUMNS"] = "80"
    environment["LC_ALL"] = "C.UTF-8"
    process.environment = environment
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try Self.start(process, blocksSignals: blocksSignals)
    process.waitUntilExit()
    return Result(
      output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self),
      status: process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
    )
  }

  /// Runs `body` with a new folder and removes it.
  static func inFolder<Value>(_ body: (Shell) throws -> Value) throws -> Value {
    let shell = try Shell()
    defer { shell.remove() }
    return try body(shell)
  }
}
