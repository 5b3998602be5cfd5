import Random

/// Balanced batches of examples of about equal length: every bucket shares its own batches among the classes, and an
/// epoch is a pass through the largest class of each.
///
/// Buckets take turns so that each is through its epochs when the others are: the next batch is of the bucket that would
/// have gone through the smallest share of them with it, of equals the one with the shortest examples.
package struct BalancedBuckets {
  private var buckets: [Bucket] = []
  /// The examples of the largest classes that one epoch has.
  package var epochLength: Int { buckets.reduce(0) { $0 + $1.sampler.epochLength } }

  /// A bucket that has examples.
  private struct Bucket {
    /// Where its examples stand among all.
    let members: [Int]
    var sampler: BalancedSampler
    /// The examples of the largest class that are drawn, and those that are still to come; nil without end.
    var drawn = 0, remaining: Int?
  }

  /// A batch: where its examples stand.
  package struct Batch {
    package let examples: [Int]
    /// How many are of each class.
    package let share: Int
    /// Whether there are as many as can be.
    package let isFull: Bool
  }

  /// Shares the batches of `lengths` among the classes of `examples`; orders are drawn from `key` if there is one.
  /// - Parameter epochs: The passes; nil for no end.
  /// - Throws: `BatchError` where a batch size is no multiple of the number of classes, or a bucket lacks one.
  package init(
    _ examples: [Example], _ lengths: LengthBuckets, shuffledBy key: RandomKey?, epochs: Int?
  ) throws(BatchError) {
    let classes = Set(examples.map(\.label)).sorted()
    let members = Dictionary(grouping: examples.indices) { lengths.bucket(of: examples[$0]) }
    for (bucket, members) in members.sorted(by: { $0.key < $1.key }) {
      let labels = members.map { examples[$0].label }
      let own = Set(labels)
      if let missing = classes.first(where: { !own.contains($0) }) {
        throw BatchError(
          description: "--balance: there is no example of class \(missing) with \(lengths.range(of: bucket)) ids")
      }
      // The first bucket may be the only one.
      let key = bucket == 0 ? key : key?.fold(in: UInt32(bucket))
      let size = lengths.sizes[bucket]
      guard let sampler = BalancedSampler(labels: labels, batchSize: size, shuffledBy: key) else {
        throw BatchError(
          description: "--balance: batches of \(size) can't be shared equally by \(classes.count) classes")
      }
      let remaining = epochs.map { epochs in
        let (count, isBeyond) = epochs.multipliedReportingOverflow(by: sampler.epochLength)
        return isBeyond ? .max : count
      }
      buckets.append(Bucket(members: members, sampler: sampler, remaining: remaining))
    }
  }

  /// The next batch; nil when all epochs are over.
  package mutating func draw() -> Batch? {
    let waiting = buckets.indices.filter { buckets[$0].remaining ?? 1 > 0 }
    /// How far a bucket would be with its next batch, in epochs.
    func progress(_ index: Int) -> Double {
      let sampler = buckets[index].sampler
      return Double(buckets[index].drawn + sampler.shareOfEachClass) / Double(sampler.epochLength)
    }
    guard let next = waiting.min(by: { progress($0) < progress($1) }) else { return nil }
    let share = buckets[next].sampler.shareOfEachClass
    let count = min(share, buckets[next].remaining ?? .max)
    let members = buckets[next].members
    let examples = buckets[next].sampler.draw(limit: count).map { members[$0] }
    buckets[next].drawn += count
    buckets[next].remaining = buckets[next].remaining.map { $0 - count }
    return Batch(examples: examples, share: count, isFull: count == share)
  }
}
