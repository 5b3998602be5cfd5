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
}
