/// What the processes of one training run, its ranks, tell each other in a step.
///
/// Every rank makes the same calls in the same order, and hears the same, bit for bit.
public protocol Exchange: Sendable {
  /// The number of this process, from 0.
  var rank: Int { get }

  /// How many processes there are, a power of two.
  var ranks: Int { get }

  /// The words of all ranks, one rank after the other. Ranks may have different numbers of words, and none.
  func join(_ words: [UInt32]) -> [UInt32]

  /// Begins to sum numbers over the ranks, neighbours first, as `sumPairwise` does.
  func begin(_ sum: SharedSum)

  /// Returns when a sum that was begun is there. No other exchange may come in between a sum's beginning and its end
  /// but the beginning of another sum.
  func finish(_ sum: SharedSum)
}

/// The exchange of a run that is one process.
public struct Alone: Exchange {
  /// The exchange of one process.
  public init() {}
  public var rank: Int { 0 }
  public var ranks: Int { 1 }
  public func join(_ words: [UInt32]) -> [UInt32] { words }
  public func begin(_ sum: SharedSum) {}
  public func finish(_ sum: SharedSum) {}
}

/// Numbers of which every rank has its own, and all have the sums in the end. Whoever begins a sum leaves it alone until
/// it is finished.
public final class SharedSum: @unchecked Sendable {
  /// This rank's numbers, then the sums.
  public var values: [Float]

  /// - Parameter values: This rank's numbers, as many as every other rank's.
  public init(_ values: [Float]) { self.values = values }
}

/// Adds lists of `count` numbers, which lie one after the other, into the first, neighbours first: ((0 + 1) + (2 + 3)) + …
///
/// Where the lists are a power of two, the sum of the sums of equal numbers of neighbours is, bit for bit, that of all.
public func sumPairwise(_ lists: UnsafeMutablePointer<Float>, lists number: Int, count: Int) {
  var width = 1
  while width < number {
    for list in stride(from: 0, to: number - width, by: 2 * width) {
      let (a, b) = (lists + list * count, lists + (list + width) * count)
      for index in 0..<count { a[index] += b[index] }
    }
    width *= 2
  }
}
