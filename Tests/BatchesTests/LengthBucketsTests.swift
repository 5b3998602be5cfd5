import Batches
import Random
import Testing

@Suite struct LengthBucketsTests {
  /// Whatever the boundaries and sizes, every example comes out once, with others of its bucket.
  @Test(arguments: [
    ([], [7]), ([3], [4, 2]), ([2, 5, 9], [1, 6, 3, 2]), ([1, 100], [5, 5, 5]), ([4, 8], [1000, 1000, 1000]),
  ])
  func nothingIsLost(_ boundaries: [Int], _ sizes: [Int]) {
    for seed in 0..<5 as Range<UInt64> {
      let lengths = RandomKey(seed).uniform(300, 0, 12).map { Int($0) }
      let examples = lengths.enumerated().map { Example(ids: [Int](repeating: $0, count: $1), label: $0) }
      var buckets = LengthBuckets(boundaries: boundaries, sizes: sizes)
      func bucket(_ example: Example) -> Int { boundaries.firstIndex { example.ids.count <= $0 } ?? boundaries.count }
      var batches: [[Example]] = []
      for example in examples {
        guard let batch = buckets.push(example) else { continue }
        #expect(batch.count == sizes[bucket(batch[0])])
        batches.append(batch)
      }
      let rest = buckets.drain()
      #expect(rest.allSatisfy { $0.count < sizes[bucket($0[0])] } && buckets.drain().isEmpty)
      batches += rest
      #expect(batches.allSatisfy { batch in Set(batch.map(bucket)).count == 1 })
      #expect(batches.joined().map(\.label).sorted() == Array(0..<300))
    }
  }

  /// The stages put together lose nothing but what the filter takes, and draw from an endless source no more than they need.
  @Test func stagesAsSequences() {
    let lengths = RandomKey(8).uniform(400, 0, 12).map { Int($0) }
    let examples = lengths.enumerated().map { Example(ids: [Int](repeating: 1, count: $1), label: $0) }
    let batches = Array(
      examples.filtered(by: LengthFilter(lengths: 2...9)).shuffled(window: 50, key: RandomKey(1))
        .batched(by: LengthBuckets(boundaries: [4], sizes: [8, 3])))
    let out = batches.joined().map(\.label)
    #expect(out.sorted() == examples.filter { 2...9 ~= $0.ids.count }.map(\.label) && out != out.sorted())
    #expect(batches.dropLast(2).allSatisfy { $0.count == ($0[0].ids.count <= 4 ? 8 : 3) })

    var drawn = 0
    let endless = sequence(first: 0) { $0 + 1 }.lazy.map { number -> Example in
      drawn += 1
      return Example(ids: [number], label: 0)
    }
    let first = endless.shuffled(window: 20, key: RandomKey(1)).batched(by: LengthBuckets(boundaries: [], sizes: [5]))
      .prefix(3)
    #expect(Array(first).count == 3 && drawn <= 40)
  }
}
