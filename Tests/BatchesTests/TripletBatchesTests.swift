import Batches
import Random
import Testing

@Suite struct TripletBatchesTests {
  func pair(_ a: Int, _ b: Int) -> Example {
    var example = Example(ids: [a], label: 1)
    example.otherIDs = [b]
    return example
  }

  /// All batches of pairs, those that are not full last.
  func batches(_ pairs: [Example], size: Int) -> [[Example]] {
    var triplets = TripletBatches(LengthBuckets(boundaries: [], sizes: [size]))
    for pair in pairs { triplets.note(pair.ids, pair.otherIDs!) }
    let full = pairs.compactMap { triplets.push($0) }
    return full + triplets.drain()
  }

  @Test func chainsOfPairsAreDuplicates() {
    // 1 = 2 and 2 = 3 and 4 = 3: none of these may meet.
    let pairs = [pair(1, 2), pair(2, 3), pair(7, 8), pair(4, 3), pair(5, 6)]
    #expect(batches(pairs, size: 3).map { $0.map { $0.ids[0] } } == [[1, 7, 5], [2], [4]])
  }

  /// No row of a batch is a duplicate of another, and each pair comes once, for random pairs; the groups are found by
  /// joining until nothing changes.
  @Test(arguments: 1...20)
  func noTwoRowsAreDuplicates(_ seed: UInt64) {
    let numbers = RandomKey(seed).uniform(120).map { Int($0 * 70) }
    let pairs = (0..<60).map { pair(numbers[2 * $0], numbers[2 * $0 + 1]) }
    var groups = Array(0..<70)
    var isChanged = true
    while isChanged {
      isChanged = false
      for pair in pairs {
        let (a, b) = (pair.ids[0], pair.otherIDs![0])
        let least = min(groups[a], groups[b])
        if groups[a] != least || groups[b] != least { isChanged = true }
        (groups[a], groups[b]) = (least, least)
      }
    }
    let made = batches(pairs, size: 4)
    for batch in made {
      #expect(1...4 ~= batch.count)
      #expect(Set(batch.map { groups[$0.ids[0]] }).count == batch.count)
    }
    func keys(_ list: [Example]) -> [[Int]] {
      list.map { $0.ids + $0.otherIDs! }.sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
    }
    #expect(keys(made.flatMap { $0 }) == keys(pairs))
  }

  @Test func aPairHasTwoFields() throws {
    #expect(try PairFields(["a", "b"]).names == ["a", "b"])
    for names in [["a"], ["a", "a"], ["a", "b", "c"]] {
      #expect(throws: (any Error).self) { try PairFields(names) }
    }
  }
}
