import Files
import JSONLines

/// A line that could not be processed, and why.
struct BadLine {
  /// What is wrong with it.
  let error: RecordError
  /// The file's name for messages, and the line's number in it, from 1.
  let file: String, number: Int

  /// The message, which names file and line.
  var failure: Failure { Failure("\(file):\(number): \(error.description)") }

  /// Appends the record that takes the line's place in the output: `{"error":"…","line":17}`.
  func appendAnswer(to output: inout [UInt8]) {
    output.appendRecord { record in
      record.add("error", error.description)
      record.add("line", number)
    }
  }

  /// Appends a record of all that is known: `file`, `line`, `error` and, as `text`, the line itself; where that is no UTF-8,
  /// its bytes as `base64`. A line that was too long to be kept has null.
  func appendRecord(_ line: Bytes?, to output: inout [UInt8]) {
    output.appendRecord { record in
      record.add("file", file)
      record.add("line", number)
      record.add("error", error.description)
      guard let line else { return record.add("text", nil as String?) }
      if let text = String(validating: line, as: UTF8.self) {
        record.add("text", text)
      } else {
        record.add("base64", base64(line))
      }
    }
  }
}

/// Which lines are bad for their length, and what becomes of bad ones.
struct BadLinePolicy: Sendable {
  let onError: OnError
  /// Whether there is to be a record of each.
  let keepsRecords: Bool
  let maxLine: ByteCount

  init(_ options: FilterOptions, _ maxLine: ByteCount) {
    (onError, keepsRecords, self.maxLine) = (options.onError, options.badLines != nil, maxLine)
  }
}

/// Bytes as text of the 64 characters of RFC 4648.
func base64(_ bytes: Bytes) -> String {
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count + 2) / 3 * 4)
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let group = bytes[start..<min(start + 3, bytes.count)]
    let number = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
    for place in 0..<4 {
      text.append(place <= group.count ? digits[number >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
    }
  }
  return String(decoding: text, as: UTF8.self)
}
