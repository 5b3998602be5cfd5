/// The key of a stream of random numbers: JAX's counter-based generator Threefry-2x32 in its non-partitionable mode.
///
/// A key is never used up. Different numbers come from different keys, which `split` and `fold(in:)` derive.
///
/// Source: J. K. Salmon et al., Parallel Random Numbers: As Easy as 1, 2, 3, SC 2011; jax.random.
public struct RandomKey: Sendable, Equatable {
  /// The key's two words.
  public let high: UInt32, low: UInt32

  /// A key of two words, as JAX prints it.
  public init(high: UInt32, low: UInt32) {
    self.high = high
    self.low = low
  }

  /// The key of a seed: `jax.random.PRNGKey(seed)` with 64-bit integers.
  public init(_ seed: UInt64) {
    self.init(high: UInt32(truncatingIfNeeded: seed >> 32), low: UInt32(truncatingIfNeeded: seed))
  }

  /// `count` new keys: `jax.random.split(key, count)`.
  public func split(_ count: Int = 2) -> [RandomKey] {
    let words = bits(2 * count)
    return (0..<count).map { RandomKey(high: words[2 * $0], low: words[2 * $0 + 1]) }
  }

  /// The key of this one and a number: `jax.random.fold_in(key, number)`.
  public func fold(in number: UInt32) -> RandomKey {
    let (high, low) = threefry(0, number)
    return RandomKey(high: high, low: low)
  }

  /// `count` random 32-bit words: `jax.random.bits(key, [count])`.
  ///
  /// The counters 0..<count are hashed in pairs whose second member lies half the way further; an odd count is made
  /// even with a counter 0 whose result is dropped.
  /// - Precondition: `count` is from 0 to 2³² − 1.
  public func bits(_ count: Int) -> [UInt32] {
    precondition(count >= 0 && count < 1 << 32, "a key gives less than 2^32 words at once, not \(count)")
    let half = (count + 1) / 2
    return [UInt32](unsafeUninitializedCapacity: 2 * half) { words, initialized in
      for index in 0..<half {
        let second = half + index < count ? UInt32(half + index) : 0
        let (a, b) = threefry(UInt32(index), second)
        words[index] = a
        words[half + index] = b
      }
      initialized = count
    }
  }

  /// The order of `0..<count` after a shuffle: `jax.random.permutation(key, count)`.
  ///
  /// Sorts by random words, as many times as it takes for equal words not to matter.
  public func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    // ceil(3 ln count / ln(2^32 - 1)): one round up to 1,625 items, two up to 2.6 million, …
    var rounds = 1
    var reach = 1625.4987
    while Double(count) > reach {
      rounds += 1
      reach *= 1625.4987
    }
    var key = self
    for _ in 0..<rounds {
      let keys = key.split()
      key = keys[0]
      let words = keys[1].bits(count)
      // Sorting pairs of word and index keeps equal words in order.
      order = (0..<count).map { UInt64(words[$0]) << 32 | UInt64($0) }.sorted().map { order[Int($0 & 0xffff_ffff)] }
    }
    return order
  }

  /// A number in `0..<bound` from one random word, by the high half of a product.
  /// - Precondition: `bound` is from 1 to 2³².
  public func integer(below bound: Int) -> Int {
    precondition(bound > 0 && bound <= 1 << 32, "a bound must be from 1 to 2^32, not \(bound)")
    return Int((UInt64(bits(1)[0]) * UInt64(bound)) >> 32)
  }

  /// Hashes two counters: twenty rounds of add, rotate and xor, with the key added in after every fourth.
  @inline(__always)
  func threefry(_ first: UInt32, _ second: UInt32) -> (UInt32, UInt32) {
    let keys = (high, low, high ^ low ^ 0x1bd1_1bda)
    var x = first &+ keys.0
    var y = second &+ keys.1
    func rounds(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32) {
      for distance in [a, b, c, d] {
        x = x &+ y
        y = y << distance | y >> (32 - distance)
        y ^= x
      }
    }
    rounds(13, 15, 26, 6)
    (x, y) = (x &+ keys.1, y &+ keys.2 &+ 1)
    rounds(17, 29, 16, 24)
    (x, y) = (x &+ keys.2, y &+ keys.0 &+ 2)
    rounds(13, 15, 26, 6)
    (x, y) = (x &+ keys.0, y &+ keys.1 &+ 3)
    rounds(17, 29, 16, 24)
    (x, y) = (x &+ keys.1, y &+ keys.2 &+ 4)
    rounds(13, 15, 26, 6)
    (x, y) = (x &+ keys.2, y &+ keys.0 &+ 5)
    return (x, y)
  }
}
