import ArgumentParser
import Glibc
import Records
import Threads

/// A program of the toolchain. Its `run()` throws `Failure` or `FileError` for bad data and failed input or output.
///
/// Exit status: 0 done, 1 bad data or failed input or output, 2 wrong command line. When the reader of the output goes
/// away, as `head` does, that is the end and not a failure: pipelines like `batch --repeat | train --steps 100` end so.
public protocol Program: ParsableCommand {
  /// Commands that show what the program does, ready to be pasted. `--help` ends with them, and a test runs them.
  static var example: String { get }
}

extension Program {
  public static func main() {
    signal(SIGPIPE, SIG_IGN)  // writes fail with EPIPE instead
    signal(SIGXFSZ, SIG_IGN)  // and with EFBIG beyond a limit on files
    do {
      var command = try parseAsRoot()
      try command.run()
      Glibc.exit(0)
    } catch let error as Failure {
      report(error.description)
      Glibc.exit(1)
    } catch let error as FileError where error.isClosedReader {
      Glibc.exit(0)
    } catch let error as FileError {
      report(error.description)
      Glibc.exit(1)
    } catch let error as ThreadError {
      report(error.description)
      Glibc.exit(1)
    } catch {
      let isHelp = exitCode(for: error) == .success
      var text = fullMessage(for: error)
      if !text.hasSuffix("\n") { text += "\n" }
      if isHelp, text.contains("USAGE: ") { text += "\nEXAMPLE:\n\(indented(example))\n" }
      writeAll(text, to: isHelp ? 1 : 2)
      Glibc.exit(isHelp ? 0 : 2)
    }
  }
}

private func indented(_ lines: String) -> String {
  lines.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }.joined(separator: "\n")
}

/// The version that every program prints for `--version`, and that model files carry.
public let rivuletVersion = "0.1.0"

/// Bad data: the program stops with status 1 after what is right has been written.
public struct Failure: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }

  /// Something wrong in a line of a file.
  public init(_ error: RecordError, in line: Line) {
    description = "\(line.file):\(line.number): \(error.description)"
  }
}

/// The program's name as it was typed.
public let programName = String(CommandLine.arguments[0].split(separator: "/").last ?? "")

/// Writes `program: message` to standard error.
public func report(_ message: String) { writeAll("\(programName): \(message)\n", to: 2) }

/// Writes text to standard error as it is.
public func writeToStandardError(_ text: String) { writeAll(text, to: 2) }

/// Writes text to a descriptor at once; where even standard error fails, there is nobody left to tell.
func writeAll(_ text: String, to descriptor: Int32) {
  var text = text
  text.withUTF8 { bytes in
    var written = 0
    while written < bytes.count {
      let count = write(descriptor, bytes.baseAddress! + written, bytes.count - written)
      if count < 0, errno != EINTR { return }
      written += max(count, 0)
    }
  }
}
