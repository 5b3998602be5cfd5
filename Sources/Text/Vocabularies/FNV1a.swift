/// The hash FNV-1a of 64 bits: the same for the same bytes on every machine and in every run, so that it may stand in
/// files. It resists nobody who looks for collisions.
///
/// Source: G. Fowler, L. Noll, K.-P. Vo and D. Eastlake, The FNV Non-Cryptographic Hash Algorithm, 2012.
public struct FNV1a: Sendable, Equatable {
  /// The hash of the bytes so far; that of none is the offset basis.
  public private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The hash of no bytes.
  public init() {}

  /// Goes on with a byte.
  @inline(__always)
  mutating func combine(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }

  /// Goes on with bytes.
  public mutating func combine(_ bytes: UnsafeBufferPointer<UInt8>) {
    for byte in bytes { combine(byte) }
  }

  /// Goes on with strings, each with a byte behind it that no UTF-8 has, so that no two lists of strings have the same
  /// bytes.
  public mutating func combine(_ strings: [String]) {
    for string in strings {
      for byte in string.utf8 { combine(byte) }
      combine(0xff)
    }
  }
}
