import Batches
import Random
import TestSupport
import Testing

@Suite struct BalancedBucketsTests {
  /// Examples of so many ids, each with its class.
  static func examples(_ list: [(length: Int, label: Int)]) -> [Example] {
    list.map { Example(ids: Array(repeating: 3, count: $0.length), label: $0.label) }
  }

  static let mixed = examples((0..<60).map { (1 + $0 % 7, $0 % 5 == 0 ? 1 : 0) })
  static let sizes = [6, 4, 2]
  static let lengths = LengthBuckets(boundaries: [2, 4], sizes: sizes)

  static func bucket(_ example: Example) -> Int { example.length <= 2 ? 0 : example.length <= 4 ? 1 : 2 }

  static func all(_ buckets: BalancedBuckets) -> [BalancedBuckets.Batch] {
    var buckets = buckets
    var batches: [BalancedBuckets.Batch] = []
    while let batch = buckets.draw() { batches.append(batch) }
    return batches
  }

  /// The bucket of a batch's first example.
  static func bucket(_ batch: BalancedBuckets.Batch) -> Int { bucket(mixed[batch.examples[0]]) }

  @Test(arguments: [nil, RandomKey(1)]) func everyBatchIsOfOneBucketAndBalanced(_ key: RandomKey?) throws {
    let epochs = 3
    let batches = Self.all(try BalancedBuckets(Self.mixed, Self.lengths, shuffledBy: key, epochs: epochs))
    #expect(Set(batches.map(Self.bucket)) == [0, 1, 2])
    for batch in batches {
      let examples = batch.examples.map { Self.mixed[$0] }
      #expect(Set(examples.map(Self.bucket)).count == 1)
      #expect(examples.map(\.label) == [1, 0].flatMap { Array(repeating: $0, count: batch.share) })
      #expect(batch.isFull == (examples.count == Self.sizes[Self.bucket(batch)]))
    }
    // Every example of the largest class is there once an epoch.
    let large = batches.flatMap(\.examples).filter { Self.mixed[$0].label == 0 }
    #expect(Dictionary(grouping: large) { $0 }.mapValues(\.count).values.allSatisfy { $0 == epochs })
    #expect(large.count == epochs * 48)
  }

  /// Wherever the batches end, no bucket is further through its epochs than another by more than a batch of each.
  @Test func bucketsTakeTurns() throws {
    let buckets = try BalancedBuckets(Self.mixed, Self.lengths, shuffledBy: nil, epochs: 2)
    #expect(buckets.epochLength == 48)
    let lengths = (0..<3).map { bucket in
      Self.mixed.count { $0.label == 0 && Self.bucket($0) == bucket }
    }
    var drawn = [0, 0, 0]
    for batch in Self.all(buckets) {
      drawn[Self.bucket(batch)] += batch.share
      let progress = zip(drawn, lengths).map { Double($0) / Double($1) }
      let step = (0..<3).map { Double(Self.sizes[$0] / 2) / Double(lengths[$0]) }.max()!
      #expect(progress.max()! - progress.min()! <= step + 1e-9)
    }
    #expect(drawn == lengths.map { 2 * $0 })
  }

  @Test func whatCannotBeSharedIsAnError() {
    func problem(_ list: [(length: Int, label: Int)]) -> String? {
      performing { _ = try BalancedBuckets(Self.examples(list), Self.lengths, shuffledBy: nil, epochs: 1) }
    }
    #expect(problem([(1, 0), (3, 0), (3, 1)]) == "--balance: there is no example of class 1 with up to 2 ids")
    #expect(problem([(3, 1), (1, 0), (1, 1)]) == "--balance: there is no example of class 0 with 3 to 4 ids")
    #expect(problem([(9, 1), (1, 0), (1, 1)]) == "--balance: there is no example of class 0 with more than 4 ids")
    #expect(
      problem([(3, 0), (3, 1), (3, 2)]) == "--balance: batches of 4 can't be shared equally by 3 classes")
    #expect(problem([(1, 0), (1, 1), (9, 0), (9, 1)]) == nil)
  }
}
