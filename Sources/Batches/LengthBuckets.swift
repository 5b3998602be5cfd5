/// Collects examples of about equal length, so that rows of a batch need little padding: bucket `i` takes those of up
/// to `boundaries[i]` ids (of pairs in the longer text) that no bucket before it takes, the last one all others, and each has a batch size of its
/// own.
///
/// What waits at the end comes out, too: no example is lost. Memory is bounded by the batches that are not full.
/// Source: Trax `data.BucketByLength`.
public struct LengthBuckets: Sendable {
  private let boundaries: [Int]
  let sizes: [Int]
  private var waiting: [[Example]]

  /// One bucket more than there are boundaries, which must rise.
  /// - Precondition: There is one size more than boundaries.
  public init(boundaries: [Int], sizes: [Int]) {
    precondition(sizes.count == boundaries.count + 1, "\(boundaries.count) boundaries need one batch size more")
    self.boundaries = boundaries
    self.sizes = sizes
    waiting = sizes.map { _ in [] }
  }

  /// Takes an example in, and gives the batch that it makes full.
  public mutating func push(_ example: Example) -> [Example]? {
    let bucket = bucket(of: example)
    waiting[bucket].append(example)
    guard waiting[bucket].count == sizes[bucket] else { return nil }
    defer { waiting[bucket].removeAll(keepingCapacity: true) }
    return waiting[bucket]
  }

  /// The bucket that takes an example.
  func bucket(of example: Example) -> Int {
    // The first bucket that is long enough, by bisection.
    var (bucket, end) = (0, boundaries.count)
    while bucket < end {
      let middle = (bucket + end) / 2
      if boundaries[middle] < example.length { bucket = middle + 1 } else { end = middle }
    }
    return bucket
  }

  /// The lengths that a bucket takes, in words.
  func range(of bucket: Int) -> String {
    guard bucket < boundaries.count else { return boundaries.last.map { "more than \($0)" } ?? "any number of" }
    return bucket == 0 ? "up to \(boundaries[0])" : "\(boundaries[bucket - 1] + 1) to \(boundaries[bucket])"
  }

  /// The batches that are not full, from the shortest to the longest examples.
  public mutating func drain() -> [[Example]] {
    defer { waiting = sizes.map { _ in [] } }
    return waiting.filter { !$0.isEmpty }
  }
}
