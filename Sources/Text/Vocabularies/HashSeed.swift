/// Numbers drawn once a process that hashes of keys from outside begin with: nobody can choose tokens that collide.
/// Nothing that is written depends on them.
struct HashSeed: Sendable {
  private let first: UInt64, second: UInt64

  /// The process's seed.
  static let ofProcess = HashSeed(first: .random(in: .min ... .max), second: .random(in: .min ... .max))

  /// The hash of one word and a small number.
  @inline(__always)
  func hash(_ word: UInt64, _ number: Int) -> UInt64 { Self.product(word ^ first, second ^ UInt64(number)) }

  /// The hash of what had `hash` and a word more.
  @inline(__always)
  func combine(_ hash: UInt64, _ word: UInt64) -> UInt64 { Self.product(hash ^ word, second) }

  /// Both halves of a product, in which every bit of the factors reaches the low ones.
  @inline(__always)
  private static func product(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }
}
