/// Names of files, which are bytes to the system and need not be UTF-8.
///
/// A Swift string holds Unicode only. In the strings that programs pass around a byte that is no UTF-8 stands as the
/// private character U+10FF00 + byte, and so does every byte of a character that would be taken for one of these.
/// Whoever hands a name to the system takes its bytes with `withCString(of:)`.
public enum FileName {
  /// The private characters that stand for bytes from 0x80 on.
  public static let byteCharacters: ClosedRange<UInt32> = 0x10ff80...0x10ffff

  /// The string of a name's bytes, up to a NUL.
  public static func string(_ bytes: UnsafePointer<CChar>) -> String {
    var bytes = UnsafeBufferPointer(start: bytes, count: length(bytes)).map { UInt8(bitPattern: $0) }[...]
    var name = String.UnicodeScalarView()
    while !bytes.isEmpty {
      var parser = Unicode.UTF8.ForwardParser()
      var iterator = bytes.makeIterator()
      var length = 1
      if case .valid(let encoded) = parser.parseScalar(from: &iterator) {
        let scalar = Unicode.UTF8.decode(encoded)
        length = encoded.count
        if !byteCharacters.contains(scalar.value) {
          name.append(scalar)
          bytes.removeFirst(length)
          continue
        }
      }
      for byte in bytes.prefix(length) { name.append(Unicode.Scalar(0x10ff00 + UInt32(byte))!) }
      bytes.removeFirst(length)
    }
    return String(name)
  }

  /// Gives the bytes of a name, with a NUL behind them, to `body`.
  public static func withCString<Result>(of name: String, _ body: (UnsafePointer<CChar>) throws -> Result) rethrows
    -> Result
  {
    guard name.unicodeScalars.contains(where: { byteCharacters.contains($0.value) }) else {
      return try name.withCString(body)
    }
    var bytes: [CChar] = []
    for scalar in name.unicodeScalars {
      if byteCharacters.contains(scalar.value) {
        bytes.append(CChar(truncatingIfNeeded: scalar.value & 0xff))
      } else {
        bytes.append(contentsOf: Unicode.UTF8.encode(scalar)!.map { CChar(bitPattern: $0) })
      }
    }
    bytes.append(0)
    return try bytes.withUnsafeBufferPointer { try body($0.baseAddress!) }
  }

  private static func length(_ bytes: UnsafePointer<CChar>) -> Int {
    var length = 0
    while bytes[length] != 0 { length += 1 }
    return length
  }
}
