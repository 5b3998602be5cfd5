import Batches
import JSONLines
import TestSupport
import Testing

@Suite struct TaggedBatchTests {
  /// The batches of records, each full or not.
  func batches(
    _ lines: [String], size: Int = 2, lengths: LengthFilter = LengthFilter(lengths: 0...9), isBalanced: Bool = false,
    maskedID: Int? = nil, classWeights: [Float] = [], takesTags: Bool = true
  ) throws -> [String] {
    var pipeline = BatchPipeline(
      options: .init(
        batchSize: size, buckets: LengthBuckets(boundaries: [], sizes: [size]), isBalanced: isBalanced,
        takesTags: takesTags, maskedID: maskedID), lengths: lengths, classWeights: classWeights)
    var output: [UInt8] = []
    for line in lines {
      try Array(line.utf8).withUnsafeBufferPointer { try pipeline.process($0, into: &output) }
    }
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  static let lines = [
    #"{"ids":[3,4,5],"tag_ids":[1,2,0],"label":1}"#, #"{"ids":[6],"tag_ids":[0],"weight":3,"label":0}"#,
  ]

  @Test func paddingHasNoWeight() throws {
    #expect(
      try batches(Self.lines) == [
        #"{"inputs":[[3,4,5],[6,0,0]],"targets":[[1,2,0],[0,0,0]],"weights":[[1,1,1],[3,0,0]]}"#
      ])
    let record = try batches(Self.lines).map { line in
      try Array(line.utf8).withUnsafeBufferPointer { try BatchRecord(Record($0)) }
    }[0]
    #expect(record.isSequence && record.weights == [1, 1, 1, 3, 0, 0] && record.largestTarget == 2)
  }

  @Test func tagsCountByTheirClass() throws {
    #expect(
      try batches(Self.lines, maskedID: 2, classWeights: [0.5, 2, 1])
        == [#"{"inputs":[[3,4,5],[6,0,0]],"targets":[[1,2,0],[0,0,0]],"weights":[[2,0,0.5],[1.5,0,0]]}"#])
    #expect(
      performing { try batches(Self.lines, classWeights: [1, 1]) } == "--class-weights has no weight for label 2")
  }

  @Test func bothListsAreCut() throws {
    #expect(
      try batches(Self.lines, lengths: LengthFilter(lengths: 1...2, truncates: true))
        == [#"{"inputs":[[3,4],[6,0]],"targets":[[1,2],[0,0]],"weights":[[1,1],[3,0]]}"#])
    #expect(
      try batches(Self.lines, size: 1, lengths: LengthFilter(lengths: 1...2))
        == [#"{"inputs":[[6]],"targets":[[0]],"weights":[[3]]}"#])
  }

  /// What the first record is the others must be.
  @Test func allRecordsAreOfOneKind() throws {
    #expect(
      performing { try batches([Self.lines[0], #"{"ids":[3],"label":1}"#]) } == #"field "tag_ids" is missing"#)
    #expect(
      try batches([#"{"ids":[3],"label":1}"#, Self.lines[1]])
        == [#"{"inputs":[[3],[6]],"targets":[1,0],"weights":[1,3]}"#])
    #expect(try batches(Self.lines, takesTags: false)[0].contains(#""targets":[1,0]"#))
    #expect(performing { try batches(Self.lines, isBalanced: true) }?.hasPrefix("--balance shares") ?? false)
  }

  @Test(arguments: [
    (#"{"ids":[3,4],"tag_ids":[1]}"#, #"there are 2 ids, but field "tag_ids" holds 1 classes"#),
    (#"{"ids":[],"tag_ids":[]}"#, "there are no ids, and so there is nothing to tag"),
    (#"{"ids":[3],"tag_ids":[-1]}"#, #"field "tag_ids" holds -1; a class is from 0 to 16777215"#),
    (#"{"ids":[3],"tag_ids":["O"]}"#, #"field "tag_ids" must be a list of integers, but an item is a string"#),
  ])
  func whatIsNoSentenceIsRefused(_ line: String, _ reason: String) {
    #expect(performing { try batches([line]) } == reason)
  }
}
