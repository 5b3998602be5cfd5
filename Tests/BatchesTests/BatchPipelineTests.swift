import Batches
import Files
import Foundation
import JSONLines
import Random
import TestSupport
import Testing

@Suite struct BatchPipelineTests {
  /// The batches that the stages make of 400 examples of 0 to 11 ids, labelled by their numbers.
  func batches(_ options: BatchPipeline.Options, lengths: ClosedRange<Int> = 0...100, read: Int = 400) throws
    -> [BatchRecord]
  {
    var pipeline = BatchPipeline(options: options, lengths: LengthFilter(lengths: lengths))
    var output: [UInt8] = []
    for (label, length) in Self.lengths.prefix(read).enumerated() {
      let line = Array(#"{"ids":\#([Int](repeating: 1, count: length)),"label":\#(label)}"#.utf8)
      try line.withUnsafeBufferPointer { try pipeline.process($0, into: &output) }
    }
    return try output.split(separator: UInt8(ascii: "\n")).map { line in
      try Array(line).withUnsafeBufferPointer { try BatchRecord(Record($0)) }
    }
  }

  static let lengths = RandomKey(8).uniform(400, 0, 12).map { Int($0) }

  /// The stages put together lose nothing but what the filter takes and what still waits.
  @Test func streamsAreFilteredShuffledAndPutIntoBuckets() throws {
    let buckets = LengthBuckets(boundaries: [4], sizes: [8, 3])
    let batches = try batches(
      .init(batchSize: 16, buckets: buckets, shuffleWindow: 50, key: RandomKey(1)), lengths: 2...9)
    let out = batches.flatMap { $0.targets.map { Int($0) } }
    let kept = Self.lengths.indices.filter { 2...9 ~= Self.lengths[$0] }
    #expect(Set(out).count == out.count && Set(out).isSubset(of: kept) && out != out.sorted())
    #expect(kept.count - out.count < 50 + 8 + 3)
    #expect(batches.allSatisfy { $0.rows == ($0.length <= 4 ? 8 : 3) })
  }

  /// The weights of scikit-learn's `class_weight="balanced"`, in every epoch; 3 of 4 examples have the class 7.
  @Test func classesCountTheSameTogether() throws {
    let buckets = LengthBuckets(boundaries: [], sizes: [4])
    for isShuffled in [false, true] {
      let options = BatchPipeline.Options(
        batchSize: 4, buckets: buckets, weighsClassesEqually: true, isShuffled: isShuffled, epochs: 2)
      let batches = try allBatches(options, of: 8, labels: [7, 7, 0, 7, 7, 7, 0, 7])
      #expect(batches.count == 4)
      for batch in batches {
        for (target, weight) in zip(batch.targets, batch.weights) {
          #expect(abs(weight - (target == 0 ? 2 : 2 / 3)) < 1e-6)
        }
      }
    }
  }

  /// An endless source is drawn from no more than needed.
  @Test func aFullBatchIsWrittenAtOnce() throws {
    let options = BatchPipeline.Options(batchSize: 5, buckets: LengthBuckets(boundaries: [], sizes: [5]))
    #expect(try batches(options, read: 4).isEmpty)
    #expect(try batches(options, read: 5).count == 1)
    #expect(try batches(options, read: 14).count == 2)
  }

  /// All batches that a pipeline makes of so many examples, which are labelled by their numbers, or by `labels`.
  func allBatches(_ options: BatchPipeline.Options, of count: Int, labels: [Int]? = nil) throws -> [BatchRecord] {
    var pipeline = BatchPipeline(options: options, lengths: LengthFilter(lengths: 0...100))
    return try inTemporaryFolder { folder in
      let descriptor = try OutputFile("\(folder)/batches").openToAppend()
      defer { close(descriptor) }
      var output = Output(descriptor: descriptor, name: "batches")
      for example in 0..<count {
        let ids = [Int](repeating: 1, count: Self.lengths[example])
        let line = Array(#"{"ids":\#(ids),"label":\#(labels?[example] ?? example)}"#.utf8)
        try line.withUnsafeBufferPointer { try pipeline.process($0, into: &output.bytes) }
      }
      try pipeline.finish(into: &output)
      try output.flush()
      return try text(of: "\(folder)/batches").split(separator: "\n").map { line in
        try Array(line.utf8).withUnsafeBufferPointer { try BatchRecord(Record($0)) }
      }
    }
  }

  /// With whichever order and batches, the epochs are the examples used by the number of all.
  @Test(arguments: [1, 4, 5, 16, 40], [1, 2, 3]) func epochsAreCountedByExamples(_ size: Int, _ epochs: Int) throws {
    for (isShuffled, window, drops, boundaries) in [
      (false, nil, false, []), (true, nil, false, []), (false, 7, false, []), (true, nil, true, []),
      (false, 3, true, [4]), (true, nil, false, [2, 6]),
    ] as [(Bool, Int?, Bool, [Int])] {
      let buckets = LengthBuckets(boundaries: boundaries, sizes: [Int](repeating: size, count: boundaries.count + 1))
      let batches = try allBatches(
        .init(
          batchSize: size, buckets: buckets, isShuffled: isShuffled, shuffleWindow: window, key: RandomKey(3),
          epochs: epochs, countsEpochs: true, dropsRemainder: drops), of: 17)
      var used = 0
      for (index, batch) in batches.enumerated() {
        used += batch.rows
        // The last batch ends all epochs, though some examples were left out.
        #expect(batch.epoch == (index == batches.count - 1 ? epochs : used / 17))
      }
      #expect(drops ? used <= 17 * epochs : used == 17 * epochs)
    }
  }

  /// An epoch is a pass through the largest class.
  @Test func epochsOfBalancedBatchesAreThoseOfTheLargestClass() throws {
    let options = BatchPipeline.Options(
      batchSize: 4, buckets: LengthBuckets(boundaries: [], sizes: [4]), isBalanced: true, epochs: 2,
      countsEpochs: true)
    let batches = try allBatches(options, of: 7, labels: [0, 1, 1, 1, 0, 1, 1])
    #expect(batches.map(\.epoch) == [0, 0, 1, 1, 2] && batches.map(\.rows) == [4, 4, 4, 4, 4])
  }

  @Test func epochsOfWindowsEndWithTheText() throws {
    let options = BatchPipeline.Options(
      batchSize: 2, buckets: LengthBuckets(boundaries: [], sizes: [2]), epochs: 3, countsEpochs: true,
      isLanguageModel: true, window: 8)
    let batches = try allBatches(options, of: 6)
    let windows = batches.count / 3
    #expect(windows > 1 && batches.map(\.epoch) == batches.indices.map { ($0 + 1) / windows })
    #expect(batches.enumerated().allSatisfy { $1.carries == ($0 % windows > 0) })
  }

  /// What is gone through once by itself has no epochs.
  @Test func epochsAreCountedOnlyWhereThatIsAskedFor() throws {
    let options = BatchPipeline.Options(batchSize: 5, buckets: LengthBuckets(boundaries: [], sizes: [5]))
    #expect(try allBatches(options, of: 17).allSatisfy { $0.epoch == nil })
  }
}
