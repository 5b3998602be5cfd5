import Batches
import JSONLines
import TestSupport
import Testing

@Suite struct BatchRecordTests {
  @Test func rowsAreFilledUpToTheLongest() {
    var output: [UInt8] = []
    BatchRecord.append([Example(ids: [7, 8, 9], label: 1), Example(ids: [5], label: 0, weight: 0.5)], to: &output)
    BatchRecord.append([Example(ids: [], label: 2)], to: &output)
    #expect(
      String(decoding: output, as: UTF8.self) == """
        {"inputs":[[7,8,9],[5,0,0]],"targets":[1,0],"weights":[1,0.5]}
        {"inputs":[[0]],"targets":[2],"weights":[1]}

        """)
  }

  @Test func aBatchSaysThatItsRowsContinue() {
    var output: [UInt8] = []
    BatchRecord.appendLanguageModelBatch(
      [Example(ids: [7, 8], label: 0), Example(ids: [5], label: 0, weight: 2)], carries: true, to: &output)
    #expect(
      String(decoding: output, as: UTF8.self) == """
        {"inputs":[[7,8],[5,0]],"targets":[[7,8],[5,0]],"weights":[[1,1],[2,0]],"carry":true}

        """)
  }

  /// What is written is read.
  @Test func theReaderGivesWhatTheWriterTook() throws {
    var output: [UInt8] = []
    BatchRecord.append([Example(ids: [7, 8, 9], label: 1), Example(ids: [5], label: 0, weight: 0.5)], to: &output)
    let batch = try read(String(decoding: output, as: UTF8.self))
    #expect(batch.inputs == [7, 8, 9, 5, 0, 0] && batch.rows == 2 && batch.length == 3)
    #expect(batch.targets == [1, 0] && batch.weights == [1, 0.5] && !batch.isSequence && !batch.carries)
    #expect(batch.largestInput == 9 && batch.largestTarget == 1)
    output.removeAll()
    BatchRecord.appendLanguageModelBatch(
      [Example(ids: [7, 8], label: 0), Example(ids: [5, 6], label: 0)], idWeights: [[1, 0.25], [2, 1]], carries: true,
      maskedID: 6, to: &output)
    let sequence = try read(String(decoding: output, as: UTF8.self))
    #expect(sequence.isSequence && sequence.carries && sequence.targets == sequence.inputs)
    #expect(sequence.weights == [1, 0.25, 2, 0])
  }

  @Test(arguments: [
    (#"{"inputs":[[]],"targets":[1]}"#, #"field "inputs" is empty"#),
    (#"{"inputs":[[1],[2,3]],"targets":[1,0]}"#, #"field "inputs" is ragged: rows of 1 and of 2 ids"#),
    (#"{"inputs":[[-1]],"targets":[1]}"#, #"field "inputs" holds -1; an id is from 0 to 16777215"#),
    (#"{"inputs":[[1.5]],"targets":[1]}"#, #"field "inputs" must hold lists of integers"#),
    (#"{"inputs":[[1]],"targets":[16777216]}"#, #"field "targets" holds 16777216; a class is from 0 to 16777215"#),
    (#"{"inputs":[[1]],"targets":[1,2]}"#, "there are 1 inputs, but 2 targets"),
    (#"{"inputs":[[1]],"targets":[1],"carry":1}"#, #"field "carry" must be true or false, not a number"#),
  ])
  func whatIsNoBatchIsRefused(_ line: String, _ message: String) {
    #expect(performing { try read(line) } == message)
  }

  func read(_ line: String) throws -> BatchRecord {
    var line = line
    return try line.withUTF8 { try BatchRecord(Record($0)) }
  }
}
