import Random

/// The order in which the examples of a whole data set are used, epoch after epoch.
public struct EpochSampler: Sendable {
  let examples: [Int]
  let key: RandomKey?
  private var epoch: UInt32 = 0
  private var order: [Int]
  private var next = 0

  /// Goes through `examples` as they stand, or with a key in an order drawn anew for every epoch.
  /// - Precondition: There are examples.
  public init(_ examples: [Int], shuffledBy key: RandomKey? = nil) {
    precondition(!examples.isEmpty, "an epoch needs examples")
    self.examples = examples
    self.key = key
    order = Self.order(examples, key, 0)
  }

  /// The next example; behind the last one comes the first of the next epoch.
  public mutating func draw() -> Int {
    if next == order.count {
      epoch &+= 1
      order = Self.order(examples, key, epoch)
      next = 0
    }
    next += 1
    return order[next - 1]
  }

  private static func order(_ examples: [Int], _ key: RandomKey?, _ epoch: UInt32) -> [Int] {
    guard let key else { return examples }
    return key.fold(in: epoch).permutation(examples.count).map { examples[$0] }
  }
}
