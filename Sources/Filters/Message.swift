import Files
import Glibc

/// The program's name as it was typed.
public let programName = visible(String(CommandLine.arguments.first?.split(separator: "/").last ?? ""))

/// Writes `program: message` to standard error, as one line that can be seen as it is.
///
/// The middle of a very long one is left out: data that it quotes may have any length.
public func report(_ message: String) { writeAll("\(programName): \(visible(shortened(message)))\n", to: 2) }

private func shortened(_ message: String) -> String {
  guard message.utf8.count > 4000, message.count > 3000 else { return message }
  return "\(message.prefix(2000)) … \(message.suffix(900))"
}

/// Writes lines of text that are the result of a program, and so must not be lost, to standard output (1) or standard
/// error (2).
/// - Throws: `FileError` when that fails.
public func writeText(_ text: String, to descriptor: Int32) throws(FileError) {
  var output = Output(descriptor: descriptor, name: descriptor == 1 ? "<stdout>" : "<stderr>")
  output.bytes = Array(visible(text, keepsLines: true).utf8)
  try output.flush()
}

/// A text with what is no visible character written out: `\u{1b}` for control characters, which could command the
/// reader's terminal, and for invisible ones and those that turn the direction of writing; `\xff` for a byte of a file
/// name that is no UTF-8.
public func visible(_ text: String, keepsLines: Bool = false) -> String {
  func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7f { return scalar.value >= 0x20 || keepsLines && scalar == "\n" }
    if FileName.byteCharacters.contains(scalar.value) { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return false
    default: return true
    }
  }
  if text.unicodeScalars.allSatisfy(isVisible) { return text }
  var result = ""
  for scalar in text.unicodeScalars {
    if isVisible(scalar) {
      result.unicodeScalars.append(scalar)
    } else if FileName.byteCharacters.contains(scalar.value) {
      result += "\\x\(String(scalar.value & 0xff, radix: 16))"
    } else {
      result += "\\u{\(String(scalar.value, radix: 16))}"
    }
  }
  return result
}

/// Writes text to a descriptor at once; errors are ignored, since standard error is where they would be reported.
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
