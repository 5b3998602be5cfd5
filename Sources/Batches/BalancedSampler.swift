import Random

/// Batches with an equal share of every class, from the highest label down.
///
/// An epoch is one pass through the largest class; smaller classes start over meanwhile, so every example of the
/// largest class is used once an epoch and no class is ever short.
public struct BalancedSampler {
  private var classes: [EpochSampler]
  private let share: Int
  /// The examples of the largest class that one epoch has.
  public let epochLength: Int

  /// Shares batches of `batchSize` among the classes of `labels`; orders are drawn from `key` if there is one.
  /// Returns nil when the batch size is no multiple of the number of classes.
  public init?(labels: [Int], batchSize: Int, shuffledBy key: RandomKey? = nil) {
    let members = Dictionary(grouping: labels.indices) { labels[$0] }
    guard !members.isEmpty, batchSize % members.count == 0 else { return nil }
    share = batchSize / members.count
    epochLength = members.values.reduce(0) { max($0, $1.count) }
    classes = members.sorted { $0.key > $1.key }.map { label, examples in
      EpochSampler(examples, shuffledBy: key?.fold(in: UInt32(label)))
    }
  }

  /// The examples of the next batch: `limit` of each class at the most, all of one class together.
  public mutating func draw(limit: Int = .max) -> [Int] {
    var batch: [Int] = []
    for index in classes.indices {
      for _ in 0..<min(share, limit) { batch.append(classes[index].draw()) }
    }
    return batch
  }

  /// How many examples of each class a full batch has.
  public var shareOfEachClass: Int { share }
}
