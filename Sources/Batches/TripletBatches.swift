/// Collects pairs of duplicates into batches no two rows of which are duplicates of each other, so that in each batch
/// every other row is a negative.
///
/// Texts of one pair are duplicates, and so are those that a chain of pairs leads to: a and b, b and c make a and c.
/// Equal texts, by their ids, are one text. An example goes into the first batch of its length that has no duplicate of
/// it and a free place. Source: the course's generator of Siamese batches, which trusts that its pairs are unrelated.
package struct TripletBatches {
  /// Which bucket takes an example, and how many rows its batches have.
  private let lengths: LengthBuckets
  /// The texts, and for each another of its group, or itself where it stands for the group.
  private var texts: [[Int]: Int] = [:], parents: [Int] = []
  /// The batches of each bucket, in the order in which they were begun.
  private var batches: [Begun]

  /// The batches of a bucket since the last drain; those that were full are empty.
  private struct Begun {
    var batches: [[Example]] = []
    var isFull: [Bool] = []
    /// The first batch that is not full, and for each group the one behind the last that has an example of it.
    var firstOpen = 0, next: [Int: Int] = [:]
  }

  package init(_ lengths: LengthBuckets) {
    self.lengths = lengths
    batches = Array(repeating: Begun(), count: lengths.sizes.count)
  }

  /// Takes notice that two texts are duplicates. All pairs are noted before the first one is pushed.
  package mutating func note(_ ids: [Int], _ others: [Int]) {
    let (a, b) = (group(of: text(ids)), group(of: text(others)))
    parents[max(a, b)] = min(a, b)
  }

  /// Takes an example in, and gives the batch that it makes full.
  package mutating func push(_ example: Example) -> [Example]? {
    let (bucket, group) = (lengths.bucket(of: example), group(of: text(example.ids)))
    // All batches before that are full, or have a duplicate.
    var place = max(batches[bucket].firstOpen, batches[bucket].next[group] ?? 0)
    while place < batches[bucket].batches.count, batches[bucket].isFull[place] { place += 1 }
    batches[bucket].next[group] = place + 1
    if place == batches[bucket].batches.count {
      batches[bucket].batches.append([])
      batches[bucket].isFull.append(false)
    }
    batches[bucket].batches[place].append(example)
    guard batches[bucket].batches[place].count == lengths.sizes[bucket] else { return nil }
    let full = batches[bucket].batches[place]
    batches[bucket].batches[place] = []
    batches[bucket].isFull[place] = true
    let open = batches[bucket].isFull[batches[bucket].firstOpen...].firstIndex(of: false)
    batches[bucket].firstOpen = open ?? batches[bucket].batches.count
    return full
  }

  /// The batches that are not full, from the shortest to the longest examples; then it begins anew.
  package mutating func drain() -> [[Example]] {
    defer { batches = batches.map { _ in Begun() } }
    return batches.flatMap(\.batches).filter { !$0.isEmpty }
  }

  private mutating func text(_ ids: [Int]) -> Int {
    if let text = texts[ids] { return text }
    texts[ids] = parents.count
    parents.append(parents.count)
    return parents.count - 1
  }

  /// The text that stands for the group of a text. The way there becomes shorter.
  private mutating func group(of text: Int) -> Int {
    var text = text
    while parents[text] != text {
      parents[text] = parents[parents[text]]
      text = parents[text]
    }
    return text
  }
}
