import Foundation

/// Writes a file of lines.
package func write(_ lines: [String], to file: String) throws {
  try lines.map { "\($0)\n" }.joined().write(toFile: file, atomically: false, encoding: .utf8)
}

/// The text of a file.
package func text(of file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }
