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

  @Test func aBatchSaysHowManyEpochsAreComplete() throws {
    var output: [UInt8] = []
    BatchRecord.append([Example(ids: [7], label: 1)], epoch: 0, to: &output)
    BatchRecord.appendLanguageModelBatch([Example(ids: [7], label: 0)], carries: true, epoch: 12, to: &output)
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(
      lines == [
        "{\"inputs\":[[7]],\"targets\":[1],\"weights\":[1],\"epoch\":0}",
        "{\"inputs\":[[7]],\"targets\":[[7]],\"weights\":[[1]],\"carry\":true,\"epoch\":12}",
      ])
    #expect(try lines.map { try read($0).epoch } == [0, 12])
    #expect(try read("{\"inputs\":[[7]],\"targets\":[1]}").epoch == nil)
    for epoch in ["-1", "0.5", "\"1\"", "null", "true"] {
      #expect(
        performing { try read("{\"inputs\":[[7]],\"targets\":[1],\"epoch\":\(epoch)}") }?.contains("\"epoch\"") ?? false
      )
    }
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

  /// Rows of several labels are told from a target for every id by the name of their field.
  @Test func severalLabelsARowComeBack() throws {
    var output: [UInt8] = []
    var (both, none) = (Example(ids: [7, 8], label: 0), Example(ids: [5], label: 0, weight: 0.5))
    both.labels = [2, 0]
    none.labels = []
    BatchRecord.append([both, none], classes: 3, to: &output)
    let line = String(decoding: output, as: UTF8.self)
    #expect(line == #"{"inputs":[[7,8],[5,0]],"label_targets":[[1,0,1],[0,0,0]],"weights":[1,0.5]}"# + "\n")
    let batch = try read(line)
    #expect(batch.labelCount == 3 && batch.targets == [1, 0, 1, 0, 0, 0] && batch.weights == [1, 0.5])
    #expect(!batch.isSequence && batch.rows == 2 && batch.largestTarget == 2)
    #expect(try read(#"{"inputs":[[1]],"label_targets":[[0,1]]}"#).weights == [1])
    #expect(try read(#"{"inputs":[[1]],"targets":[1]}"#).labelCount == nil)
  }

  @Test(arguments: [
    (#"{"inputs":[[1]],"label_targets":[[0,2]]}"#, #"field "label_targets" holds 2; a class is there, 1, or not, 0"#),
    (#"{"inputs":[[1]],"label_targets":[[0,1],[1,0]]}"#, "there are 1 inputs, but 2 × 2 label targets"),
    (#"{"inputs":[[1]],"label_targets":[]}"#, "there are 1 inputs, but 0 × 0 label targets"),
    (#"{"inputs":[[1]],"label_targets":[[]]}"#, "there are 1 inputs, but 1 × 0 label targets"),
    (
      #"{"inputs":[[1],[2]],"label_targets":[[0,1],[1]]}"#,
      #"field "label_targets" is ragged: rows of 2 and of 1 numbers"#
    ),
    (
      #"{"inputs":[[1]],"label_targets":[1]}"#,
      #"field "label_targets" must be a list of lists of numbers, but an item is a number"#
    ),
    (#"{"inputs":[[1]],"label_targets":[[0.5]]}"#, #"field "label_targets" must hold lists of integers"#),
    (
      #"{"inputs":[[1]],"label_targets":[[0]],"targets":[0]}"#,
      #"there are both "targets" and "label_targets", one class a row and several"#
    ),
    (#"{"inputs":[[1]],"label_targets":[[0,1]],"weights":[[1,1]]}"#, #"field "weights" has a row of 2 weights"#),
    (#"{"inputs":[[1]],"label_targets":[[0,1]],"weights":[1,1]}"#, "there are 1 targets, but 2 weights"),
  ])
  func whatAreNoRowsOfLabelsIsRefused(_ line: String, _ message: String) {
    #expect(performing { try read(line) } == message)
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
