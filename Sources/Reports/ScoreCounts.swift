/// How many examples of a class, and of the others, were given each score: all that ROC and precision-recall curves
/// need, in any order of the examples and put together from any parts.
///
/// Every different score is held, up to a limit. Beyond it all scores are cut to fewer binary digits, as many as leave
/// no more than that; so memory has a bound, and what is held still depends on the examples alone.
public struct ScoreCounts: Sendable {
  /// The examples of one score.
  public struct Entry: Sendable, Equatable {
    /// The score, from 0; one that was cut is the smallest of those that it stands for.
    public let score: Double
    /// The examples of other classes, and those of the class.
    public var negatives: Int, positives: Int
  }

  /// How many different scores are held at most.
  public let limit: Int
  /// How many binary digits the scores that are sorted in have lost.
  private var lostDigits = 0
  private var sorted: [Entry] = []
  /// Scores that are not sorted in yet: the bits of the score, and one for whether the example is of the class.
  private var pending: [UInt64] = []
  private static let mostPending = 1 << 16

  /// Counts of no examples.
  /// - Parameter limit: How many different scores are held.
  /// - Precondition: `limit` is 1 or more.
  public init(limit: Int = 1 << 20) {
    precondition(limit >= 1, "a limit of \(limit) scores")
    self.limit = limit
  }

  /// Counts an example.
  /// - Parameter score: From 0; higher speaks for the class.
  public mutating func add(_ score: Double, isPositive: Bool) {
    // The bits of numbers from 0 are in the order of the numbers, and the first, the sign, is free. -0 becomes 0.
    pending.append((score + 0).bitPattern << 1 | (isPositive ? 1 : 0))
    if pending.count == Self.mostPending { sort() }
  }

  /// Adds other counts. The order in which parts are added changes nothing.
  public mutating func add(_ other: ScoreCounts) {
    let held = other.held
    add(held.entries, lostDigits: held.lostDigits)
  }

  /// Adds counts that have lost so many digits.
  /// - Parameter entries: In the order of their scores.
  mutating func add(_ entries: [Entry], lostDigits: Int) {
    sort()
    if lostDigits > self.lostDigits { lose(lostDigits) }
    merge(cut(entries))
  }

  /// The different scores from the lowest, with their examples, and how many binary digits they have lost.
  public var held: (entries: [Entry], lostDigits: Int) {
    var copy = self
    copy.sort()
    return (copy.sorted, copy.lostDigits)
  }

  /// Sorts in what is pending.
  private mutating func sort() {
    guard !pending.isEmpty else { return }
    pending.sort()
    let new = pending.map { key in
      let positives = Int(key & 1)
      return Entry(score: Double(bitPattern: key >> 1), negatives: 1 - positives, positives: positives)
    }
    pending.removeAll(keepingCapacity: true)
    merge(cut(new))
  }

  /// Entries in the order of their scores, with as few digits as those that are held.
  private func cut(_ entries: [Entry]) -> [Entry] {
    var result: [Entry] = []
    for entry in entries {
      let score = Double(bitPattern: (entry.score.bitPattern >> UInt64(lostDigits)) << UInt64(lostDigits))
      if let last = result.indices.last, result[last].score == score {
        result[last].negatives += entry.negatives
        result[last].positives += entry.positives
      } else {
        result.append(Entry(score: score, negatives: entry.negatives, positives: entry.positives))
      }
    }
    return result
  }

  private mutating func merge(_ new: [Entry]) {
    var result: [Entry] = []
    result.reserveCapacity(sorted.count + new.count)
    var index = 0
    for entry in new {
      while index < sorted.count, sorted[index].score < entry.score {
        result.append(sorted[index])
        index += 1
      }
      var entry = entry
      if index < sorted.count, sorted[index].score == entry.score {
        entry.negatives += sorted[index].negatives
        entry.positives += sorted[index].positives
        index += 1
      }
      result.append(entry)
    }
    result.append(contentsOf: sorted[index...])
    sorted = result
    while sorted.count > limit { lose(lostDigits + 1) }
  }

  private mutating func lose(_ digits: Int) {
    lostDigits = digits
    sorted = cut(sorted)
  }
}

extension ScoreCounts {
  /// The examples with a score of a threshold or more.
  public struct Point: Sendable {
    /// The threshold.
    public let threshold: Double
    /// Those of the class, and those of others.
    public let truePositives: Int, falsePositives: Int

    /// Of the examples with such a score, the share that is of the class.
    public var precision: Double { Double(truePositives) / Double(truePositives + falsePositives) }
  }

  /// The examples of the class and of the others.
  public var totals: (positives: Int, negatives: Int) {
    held.entries.reduce(into: (0, 0)) { totals, entry in
      totals.positives += entry.positives
      totals.negatives += entry.negatives
    }
  }

  /// A point for every score as the threshold, from the highest.
  public var points: [Point] {
    var (truePositives, falsePositives) = (0, 0)
    return held.entries.reversed().map { entry in
      truePositives += entry.positives
      falsePositives += entry.negatives
      return Point(threshold: entry.score, truePositives: truePositives, falsePositives: falsePositives)
    }
  }

  /// What is said of the scores.
  public var summary: ScoreSummary { ScoreSummary(points) }
}
