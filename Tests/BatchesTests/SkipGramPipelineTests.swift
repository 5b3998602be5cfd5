import Batches
import Files
import Foundation
import JSONLines
import Random
import TestSupport
import Testing

@Suite struct SkipGramPipelineTests {
  /// The batches that texts make.
  func batches(
    _ texts: [String], _ change: (inout SkipGramPipeline.Options) -> Void = { _ in }
  ) throws -> [BatchRecord] {
    var options = SkipGramPipeline.Options()
    (options.window, options.negatives, options.threshold, options.batchSize) = (1, 1, nil, 3)
    change(&options)
    var pipeline = SkipGramPipeline(options, lengths: LengthFilter(lengths: 0...Int.max))
    for text in texts {
      let bytes = Array(text.utf8)
      try bytes.withUnsafeBufferPointer { try pipeline.process($0) }
    }
    let pipe = Pipe()
    var output = Output(descriptor: pipe.fileHandleForWriting.fileDescriptor, name: "pipe")
    try pipeline.finish(into: &output)
    let lines = output.bytes.split(separator: UInt8(ascii: "\n"))
    output.bytes.removeAll()
    return try lines.map { line in
      try Array(line).withUnsafeBufferPointer { try BatchRecord(Record($0)) }
    }
  }

  let texts = [#"{"ids":[3,4,5,6]}"#, #"{"ids":[6,2,3]}"#, #"{"ids":[]}"#]

  @Test func rowsAreWordsAndTargetsSayWhichAreNear() throws {
    let batches = try batches(texts)
    #expect(batches.map(\.rows) == [3, 3])
    #expect(batches[0].inputs == [3, 4, 5] && batches[1].inputs == [6, 6, 3])
    for batch in batches {
      let length = try #require(batch.otherLength)
      #expect(batch.isSequence && batch.targets.count == 3 * length && batch.epoch == nil)
      for (index, other) in batch.otherInputs!.enumerated() {
        #expect((batch.weights[index] == 0) == (other == 0))
        #expect(batch.targets[index] == 0 || other != 0)
      }
    }
    #expect(batches[0].targets[0..<2] == [1, 0] || batches[0].otherLength == 1)
  }

  @Test func aWordIsItsIDsAndARecordCountsByItsWeight() throws {
    let batches = try batches([#"{"ids":[3,4],"weight":0.5}"#]) {
      $0.idsOfWords = [[0], [1], [2], [3, 7, 8], [4, 9]]
    }
    #expect(batches[0].inputs == [3, 7, 8, 4, 9, 0])
    #expect(Set(batches[0].weights).subtracting([0]) == [0.5])
  }

  @Test func epochsAreCountedAndDrawnAnew() throws {
    let batches = try batches(texts) { ($0.epochs, $0.countsEpochs) = (2, true) }
    #expect(batches.map(\.epoch) == [0, 1, 1, 2])
    #expect(batches[0].otherInputs! != batches[2].otherInputs! || batches[1].otherInputs! != batches[3].otherInputs!)
    let dropped = try self.batches(texts) {
      ($0.epochs, $0.countsEpochs, $0.dropsRemainder, $0.batchSize) = (2, true, true, 4)
    }
    #expect(dropped.map(\.epoch) == [1, 2] && dropped.allSatisfy { $0.rows == 4 })
    let skipped = try self.batches(texts) { ($0.epochs, $0.countsEpochs, $0.skipped) = (2, true, 3) }
    #expect(skipped == [batches[3]])
  }

  @Test func whatMakesNoBatchIsAnError() throws {
    #expect(try batches([]).isEmpty)
    #expect(throws: BatchError.self) { try batches([#"{"ids":[3]}"#]) { $0.epochs = nil } }
    #expect(throws: BatchError.self) { try batches(texts) { $0.skipped = 3 } }
    #expect(throws: RecordError.self) { try batches([#"{"ids":[[3,4]]}"#]) }
    #expect(throws: RecordError.self) { try batches([#"{"ids":[5]}"#]) { $0.idsOfWords = [[0], [1], [2], [3]] } }
  }
}
