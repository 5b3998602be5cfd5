import Batches
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

  /// An endless source is drawn from no more than needed.
  @Test func aFullBatchIsWrittenAtOnce() throws {
    let options = BatchPipeline.Options(batchSize: 5, buckets: LengthBuckets(boundaries: [], sizes: [5]))
    #expect(try batches(options, read: 4).isEmpty)
    #expect(try batches(options, read: 5).count == 1)
    #expect(try batches(options, read: 14).count == 2)
  }
}
