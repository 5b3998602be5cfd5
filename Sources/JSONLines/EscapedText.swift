import Files
import Glibc

extension Bytes {
  /// Writes what the text of a JSON string means, which the scanner has found to be valid and which holds escapes, to
  /// `output`, where there must be room for as many bytes; gives how many it wrote.
  func unescape(to output: UnsafeMutablePointer<UInt8>) -> Int {
    var (index, written) = (0, 0)
    while index < count {
      let rest = baseAddress! + index
      let plain =
        memchr(rest, Int32(UInt8(ascii: "\\")), count - index)
        .map { UnsafeMutableRawPointer(mutating: rest).distance(to: $0) } ?? count - index
      memcpy(output + written, rest, plain)
      (index, written) = (index + plain, written + plain)
      guard index < count else { break }
      let kind = self[index + 1]
      index += 2
      guard kind == UInt8(ascii: "u") else {
        output[written] = Self.meaning(of: kind)
        written += 1
        continue
      }
      var value = codeUnit(at: index)
      index += 4
      if 0xd800...0xdbff ~= value {  // the low surrogate behind the high one
        value = 0x1_0000 + (value - 0xd800) << 10 + codeUnit(at: index + 2) - 0xdc00
        index += 6
      }
      for byte in UTF8.encode(Unicode.Scalar(value)!)! {
        output[written] = byte
        written += 1
      }
    }
    return written
  }

  private static func meaning(of letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0c
    case UInt8(ascii: "n"): 0x0a
    case UInt8(ascii: "r"): 0x0d
    case UInt8(ascii: "t"): 0x09
    default: letter  // a quote, a slash, a backslash
    }
  }

  /// The number of four hexadecimal digits.
  private func codeUnit(at start: Int) -> UInt32 {
    self[start..<start + 4].reduce(0) { value, digit in
      // Letters have a bit that digits have not, and count from 9 on.
      value << 4 | UInt32(digit & 0x0f) + (digit & 0x40 == 0 ? 0 : 9)
    }
  }
}
