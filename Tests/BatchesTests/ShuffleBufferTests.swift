import Batches
import Random
import Testing

@Suite struct ShuffleBufferTests {
  /// Every element comes out once, whatever the size and the seed.
  @Test(arguments: [1, 2, 7, 100, 1000])
  func losesNothing(_ size: Int) {
    var buffer = ShuffleBuffer<Int>(size: size, key: RandomKey(5))
    var out = (0..<500).compactMap { buffer.push($0) }
    #expect(out.count == max(500 - size, 0))
    // What has come out is from what has gone in, so nothing comes earlier than the buffer allows.
    for (index, element) in out.enumerated() { #expect(element <= index + size) }
    out += buffer.drain()
    #expect(out.sorted() == Array(0..<500))
    #expect(size == 1 || out != out.sorted())
  }

  @Test func everyPositionIsEquallyProbable() {
    // The first of 8 elements in a buffer of 8 comes out at every position about equally often.
    var counts = [Int](repeating: 0, count: 8)
    for seed in 0..<4000 {
      var buffer = ShuffleBuffer<Int>(size: 8, key: RandomKey(UInt64(seed)))
      _ = (0..<8).map { buffer.push($0) }
      counts[buffer.drain().firstIndex(of: 0)!] += 1
    }
    for count in counts { #expect(abs(count - 500) < 5 * 21) }  // five standard deviations
  }

  /// The bug: a shift bound closer than a product, so every draw was 0 and the buffer was a queue of one.
  @Test func whatComesInPushesARandomElementOut() {
    var buffer = ShuffleBuffer<Int>(size: 8, key: RandomKey(3))
    let out = (0..<400).compactMap { buffer.push($0) }
    let waits = out.enumerated().map { index, element in index + 8 - element }
    #expect(Set(waits).count > 20)
    #expect(abs(Double(waits.reduce(0, +)) / Double(waits.count) - 8) < 2)
  }
}
