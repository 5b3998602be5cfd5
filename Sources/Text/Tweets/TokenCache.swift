import Glibc

/// Remembers what became of a token: most tokens of a text have been seen before, and lower case, stop words and
/// stems depend on the token alone. Memory is bounded on an endless stream: a token has one of two places, which are side
/// by side in a line of the processor's cache, and takes the one that has been there longer.
///
/// Only tokens of up to 15 bytes that became as many are remembered. They and their lengths are two numbers each, which
/// makes finding one a comparison of two numbers with two others, without a hash table's look elsewhere.
///
/// Sendable, since nobody but the only owner of the memory touches it (`makeUnique`).
struct TokenCache: @unchecked Sendable {
  /// A token, or what became of one: its bytes, and in the last byte its length.
  struct Short: Equatable {
    fileprivate var low: UInt64, high: UInt64

    static let longest = 15
    /// What a dropped token became.
    fileprivate static let dropped = Short(low: 0, high: 0xff << 56)

    /// A token of 1 to 15 bytes, behind which as many can be read as make 16.
    @inline(__always)
    init(_ token: Bytes) {
      let bytes = UnsafeRawPointer(token.baseAddress!)
      let bits = UInt64(8 * token.count)
      // Shifts by more than there are bits give zeros.
      low = bytes.loadUnaligned(as: UInt64.self) & ~(~0 << bits)
      high = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self) & ~(~0 << (bits < 64 ? 0 : bits - 64))
      high |= UInt64(token.count) << 56
    }

    /// What a token became, of up to 15 bytes.
    fileprivate init(copying value: Bytes) {
      (low, high) = (value.word(at: 0), value.word(at: 8) | UInt64(value.count) << 56)
    }

    private init(low: UInt64, high: UInt64) { (self.low, self.high) = (low, high) }

    @inline(__always)
    fileprivate var count: Int { Int(high >> 56) }
  }

  private struct Entry {
    var token: Short, value: Short
  }

  /// Zeros at the beginning, which are no token; two entries more than there are places for, since the first one begins
  /// with a line of the processor's cache.
  private final class Memory {
    let start: UnsafeMutableRawPointer
    init() {
      guard let start = calloc(2 * TokenCache.sets + 2, MemoryLayout<Entry>.stride) else {
        fatalError("no memory for the cache of tokens")
      }
      self.start = start
    }
    deinit { free(start) }
  }

  private static let sets = 1 << 14
  private var memory: Memory
  private var entries: UnsafeMutablePointer<Entry>

  init() {
    memory = Memory()
    entries = memory.start.alignedUp(toMultipleOf: 64).assumingMemoryBound(to: Entry.self)
  }

  /// Must be called before a token is looked up or stored, whenever it may have been copied: a copy begins afresh.
  mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&memory) { self = TokenCache() }
  }

  /// What became of a token: its bytes, which stay as long as nothing is stored; empty ones when it was dropped. Nil for a
  /// token that is not in the cache.
  @inline(__always)
  func find(_ token: Short) -> Bytes? {
    let set = entries + Self.set(of: token)
    if set[0].token == token { return Self.value(of: set) }
    if set[1].token == token { return Self.value(of: set + 1) }
    return nil
  }

  @inline(__always)
  private static func value(of entry: UnsafeMutablePointer<Entry>) -> Bytes {
    let count = entry.pointee.value.count
    let start = UnsafeRawPointer(entry).advanced(by: MemoryLayout<Short>.stride).assumingMemoryBound(to: UInt8.self)
    return Bytes(start: start, count: count == 0xff ? 0 : count)
  }

  /// Stores what became of a token that is not in the cache: nil when it is dropped. Nothing is stored of what became long.
  mutating func store(_ token: Short, _ value: Bytes?) {
    guard 1...Short.longest ~= value?.count ?? 1 else { return }
    let set = entries + Self.set(of: token)
    set[1] = set[0]
    set[0] = Entry(token: token, value: value.map(Short.init(copying:)) ?? .dropped)
  }

  /// The first of a token's two places.
  @inline(__always)
  private static func set(of token: Short) -> Int {
    let product = (token.low ^ 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(by: token.high ^ 0xbf58_476d_1ce4_e5b9)
    return 2 * Int(truncatingIfNeeded: (product.high ^ product.low) & UInt64(sets - 1))
  }
}
