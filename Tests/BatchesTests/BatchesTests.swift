import Batches
import Random
import Testing

@Suite struct BatchesTests {
  @Test func rowsAreFilledUpToTheLongest() {
    var output: [UInt8] = []
    output.appendBatch([Example(ids: [7, 8, 9], label: 1), Example(ids: [5], label: 0, weight: 0.5)])
    output.appendBatch([Example(ids: [], label: 2)])
    #expect(
      String(decoding: output, as: UTF8.self) == """
        {"inputs":[[7,8,9],[5,0,0]],"targets":[1,0],"weights":[1,0.5]}
        {"inputs":[[0]],"targets":[2],"weights":[1]}

        """)
  }

  /// An epoch holds every example once, whatever the window and the seed.
  @Test(arguments: [1, 2, 7, 100, 1000])
  func aWindowLosesNothing(_ size: Int) {
    var window = WindowShuffle<Int>(size: size, key: RandomKey(5))
    var out = (0..<500).compactMap { window.push($0) }
    #expect(out.count == max(500 - size, 0))
    // What has come out is from what has gone in, so nothing comes earlier than the window allows.
    for (place, element) in out.enumerated() { #expect(element <= place + size) }
    out += window.drain()
    #expect(out.sorted() == Array(0..<500))
    #expect(size == 1 || out != out.sorted())
  }

  @Test func aWindowIsShuffledEvenly() {
    // The first of 8 elements in a window of 8 comes out at every place about equally often.
    var places = [Int](repeating: 0, count: 8)
    for seed in 0..<4000 {
      var window = WindowShuffle<Int>(size: 8, key: RandomKey(UInt64(seed)))
      _ = (0..<8).map { window.push($0) }
      places[window.drain().firstIndex(of: 0)!] += 1
    }
    for count in places { #expect(abs(count - 500) < 5 * 21) }  // five standard deviations
  }

  /// The bug: a shift bound closer than a product, so every draw was 0 and the window was a queue of one.
  @Test func whatComesInPushesARandomElementOut() {
    var window = WindowShuffle<Int>(size: 8, key: RandomKey(3))
    let out = (0..<400).compactMap { window.push($0) }
    let waits = out.enumerated().map { place, element in place + 8 - element }
    #expect(Set(waits).count > 20)
    #expect(abs(Double(waits.reduce(0, +)) / Double(waits.count) - 8) < 2)
  }

  @Test func epochsFollowEachOtherAndDiffer() {
    var order = EpochOrder(Array(10..<60), shuffledBy: RandomKey(1))
    let first = (0..<50).map { _ in order.draw() }
    let second = (0..<50).map { _ in order.draw() }
    #expect(first.sorted() == Array(10..<60) && second.sorted() == Array(10..<60))
    #expect(first != second && first != first.sorted())
    var plain = EpochOrder([3, 1, 2])
    #expect((0..<7).map { _ in plain.draw() } == [3, 1, 2, 3, 1, 2, 3])
  }

  @Test func classesShareBatchesAndSmallOnesStartOver() throws {
    var order = try #require(BalancedOrder(labels: [0, 1, 0, 0, 1], batchSize: 4))
    #expect(order.epochLength == 3)
    #expect(order.draw() == [1, 4, 0, 2])
    #expect(order.draw(limit: 1) == [1, 3])
    #expect(BalancedOrder(labels: [0, 1, 2], batchSize: 4) == nil)
    #expect(BalancedOrder(labels: [], batchSize: 4) == nil)
  }

  @Test func lengthsAreFilteredOrCut() {
    let example = Example(ids: [1, 2, 3, 4], label: 0)
    var filter = LengthFilter(lengths: 2...3)
    #expect(filter.apply(example) == nil)
    #expect(filter.apply(Example(ids: [1], label: 0)) == nil)
    #expect(filter.apply(Example(ids: [1, 2], label: 0)) != nil)
    #expect(filter.dropped == 2)
    var cutting = LengthFilter(lengths: 0...3, truncates: true)
    #expect(cutting.apply(example)?.ids == [1, 2, 3])
    #expect(cutting.dropped == 0)
  }
}
