import Files
import JSONLines
import Threads

/// What a run came to, for `--summary`: counts that whoever started many programs adds up.
public enum RunSummary {
  private struct State {
    var name: String?
    var file: OutputFile?
    var records = 0, badLines = 0
  }

  private static let state = Locked(State())

  /// Asks for a summary in this file; nil asks for none.
  static func request(_ name: String?) { state.withLock { $0.name = name } }

  /// Finds out before the work that the file could be written, and where that is: standard output may be closed later.
  /// - Throws: `FileError`.
  public static func check() throws(FileError) {
    guard let name = state.withLock({ $0.name }) else { return }
    let file = try OutputFile(name)
    try file.check()
    state.withLock { $0.file = file }
  }

  /// Adds to the counts.
  public static func count(records: Int, badLines: Int) {
    state.withLock {
      $0.records += records
      $0.badLines += badLines
    }
  }

  /// Writes the object, once, if it is wanted; that this fails is reported. Returns whether it did not.
  /// - Parameters:
  ///   - status: The exit status; of a program that a signal ends 128 and its number, as shells count.
  ///   - error: What went wrong.
  @discardableResult static func finish(status: Int32, error: String? = nil) -> Bool {
    let state = state.withLock { state in
      defer { state.name = nil }
      return state
    }
    guard let name = state.name else { return true }
    var object: [UInt8] = []
    object.appendRecord { record in
      record.add("program", programName)
      record.add("version", rivuletVersion)
      record.add("records", state.records)
      record.add("bad_lines", state.badLines)
      record.add("status", Int(status))
      record.add("error", error)
    }
    do {
      try (state.file ?? OutputFile(name)).write(object)
      return true
    } catch let failure {
      if "\(failure)" != error { report("\(failure)") }
      return false
    }
  }
}
