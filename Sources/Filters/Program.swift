import ArgumentParser
import CBuild
import Files
import Glibc
import JSONLines
import Threads

/// A program of the toolchain. Its `run()` throws `Failure` or `FileError` for bad data and failed input or output.
///
/// Exit status: 0 done, 1 bad data or failed input or output, 2 wrong command line. When the reader of the output goes
/// away, as `head` does, that is the end and not a failure: pipelines like `batch --repeat | train --steps 100` end so.
public protocol Program: ParsableCommand {
  /// Commands that show what the program does, ready to be pasted. `--help` ends with them, and a test runs them.
  static var example: String { get }
  /// The options that `--help` shows; `--help-all` shows all. Default: none, for all.
  static var commonOptions: [String] { get }
  /// The guides to read beside the program's page of the manual: `tokenizing` is rivulet-tokenizing(7). Default: none.
  static var guides: [String] { get }
}

extension Program {
  public static var commonOptions: [String] { [] }
  public static var guides: [String] { [] }

  /// Runs the program with the words of its command line, and ends the process.
  public static func main() {
    occupyClosedDescriptors()
    signal(SIGPIPE, SIG_IGN)  // writes fail with EPIPE instead
    signal(SIGXFSZ, SIG_IGN)  // and with EFBIG beyond a limit on files
    let words = Arguments.joiningNegativeNumbers(Arguments.words(), of: Self.self)
    do {
      if words.prefix(while: { $0 != "--" }).contains("--help-all") { return showHelp(helpMessage()) }
      if words.first == "--manual-page" {
        guard words.count == 2 else { end(2, "--manual-page takes the day that the page bears, and nothing else") }
        return writeAll(ManualPage.text(of: Self.self, date: words[1]), to: 1)
      }
      try Arguments.check(words, of: Self.self)
      try Arguments.checkOutputs(words, of: Self.self)
      var command = try parseAsRoot(words)
      try command.run()
      end(0)
    } catch let error as Failure {
      end(1, error.description)
    } catch let error as FileError where error.isClosedReader {
      end(0)
    } catch let error as FileError {
      let advice = error.file.flatMap { Arguments.advice(on: $0, words, of: Self.self) }
      end(1, error.description + (advice.map { " (\($0))" } ?? ""))
    } catch let error as ThreadError {
      end(1, error.description)
    } catch {
      guard exitCode(for: error) == .success else {
        let lines = message(for: error).split(whereSeparator: \.isNewline)
        let values = lines.filter { $0.hasPrefix("  - ") }.map { $0.dropFirst(4) }.joined(separator: ", ")
        let rest = lines.filter { !$0.hasPrefix("  - ") }.joined(separator: " ")
        let message = values.isEmpty ? rest : "\(rest) \(values)."
        let advice = Arguments.meantValue(words, of: Self.self).map { " Did you mean '\($0)'?" } ?? ""
        end(2, "\(message)\(advice) (\(programName) --help)")
      }
      let text = fullMessage(for: error)
      if text.contains("USAGE: ") { return showHelp(HelpPage.text(of: Self.self)) }
      writeAll(text.utf8.last == UInt8(ascii: "\n") ? text : text + "\n", to: 1)
      Glibc.exit(0)
    }
  }

  private static func showHelp(_ page: String) {
    let end = page.utf8.last == UInt8(ascii: "\n") ? "" : "\n"
    writeAll("\(page)\(end)\nEXAMPLE:\n\(indented(example))\n", to: 1)
    Glibc.exit(0)
  }
}

/// Ends the process, after an error message where there is one, with the summary written that was asked for.
private func end(_ status: Int32, _ error: String? = nil) -> Never {
  if let error { report(error) }
  let isSummed = RunSummary.finish(status: status, error: error)
  Glibc.exit(isSummed ? status : max(status, 1))
}

/// Opens something as standard input, output and errors where they are closed, or the next file opened would be taken
/// for them: a model would be written over by reports. Reading and writing there fails as before.
private func occupyClosedDescriptors() {
  for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
    _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
  }
}

private func indented(_ lines: String) -> String {
  lines.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }.joined(separator: "\n")
}

/// What every program prints for `--version`: the version and, where it is known, the commit, `0.2.0 (7a0f104)`.
public var versionAndCommit: String {
  let commit = String(cString: rivulet_commit())
  return commit.isEmpty ? rivuletVersion : "\(rivuletVersion) (\(commit))"
}

/// Bad data: the program stops with status 1 after what is right has been written.
public struct Failure: Error, CustomStringConvertible {
  public let description: String
  /// A failure that is reported with these words.
  public init(_ description: String) { self.description = description }

  /// Something wrong in a line of a file.
  public init(_ error: RecordError, in line: Line) {
    description = "\(line.file):\(line.number): \(error.description)"
  }
}
