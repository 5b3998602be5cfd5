/// A stretch of bytes in memory; text in it is UTF-8.
public typealias Bytes = UnsafeBufferPointer<UInt8>

extension Bytes {
  /// Whether a line holds nothing but spaces and tabs.
  public var isBlank: Bool { allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }
}
