/// How the rows of every batch are cut into parts, the lanes, which the ranks of a run share: each has as many, one
/// after the other. What lanes come to depends on their number alone, and not on which rank works on which.
///
/// Layers see one lane at a time, and the sums of gradients, losses and counts over the lanes are those of the batch up
/// to rounding. `BatchNorm` takes the means of each lane; its running means are the means of those. Counts of a batch, as
/// `TfIdf` keeps them, are those of all lanes; a lane sees them with its own only.
public struct Lanes: Sendable {
  /// The number of lanes, a power of two.
  public let count: Int
  /// How the ranks hear of each other.
  public let exchange: any Exchange

  /// - Precondition: `count` is a power of two and at least the number of ranks, which is one, too.
  public init(_ count: Int = 1, _ exchange: any Exchange = Alone()) {
    precondition(
      count.nonzeroBitCount == 1 && exchange.ranks.nonzeroBitCount == 1 && exchange.ranks <= count,
      "\(count) lanes for \(exchange.ranks) ranks")
    self.count = count
    self.exchange = exchange
  }

  /// The lanes of this rank.
  var own: Range<Int> { count / exchange.ranks * exchange.rank..<count / exchange.ranks * (exchange.rank + 1) }

  /// The rows of a lane, of a batch of so many; none where there are fewer rows than lanes.
  func rows(of lane: Int, in batch: Int) -> Range<Int> { batch * lane / count..<batch * (lane + 1) / count }
}

extension Batch {
  /// Some of the rows as a batch.
  func rows(_ range: Range<Int>) -> Batch {
    func cut(_ tensor: Tensor) -> Tensor { tensor.slice(axis: 0, range) }
    return Batch(
      inputs: cut(inputs), otherInputs: otherInputs.map(cut), targets: cut(targets), weights: cut(weights),
      continues: continues, epoch: epoch)
  }
}
