import Batches
import JSONLines
import Models
import Neural
import Random
import TestSupport
import Testing

@Suite struct RecordedBatchTests {
  /// What is said of an id that is not the model's.
  private static let beyond =
    #"field "inputs" holds 6, but the model has 6 entries (--vocab must be the file that the ids were made with; "#
    + "ids of --ngrams need --tokenizer)"

  func record(_ line: String) throws -> BatchRecord {
    var line = line
    return try line.withUTF8 { try BatchRecord(Record($0)) }
  }

  @Test func tensorsHaveTheShapesOfTheRecord() throws {
    let batch = Batch(try record(#"{"inputs":[[3,4,0],[5,0,0]],"targets":[1,0],"weights":[1,0.5]}"#))
    #expect(batch.inputs.shape == [2, 3] && batch.inputs.values == [3, 4, 0, 5, 0, 0])
    #expect(batch.targets.shape == [2] && batch.weights.values == [1, 0.5] && !batch.continues)
    let sequence = Batch(try record(#"{"inputs":[[3,4]],"targets":[[3,4]],"carry":true}"#))
    let labels = Batch(try record(#"{"inputs":[[3,4],[5,0]],"label_targets":[[1,0,1],[0,0,0]],"weights":[1,0.5]}"#))
    #expect(labels.targets.shape == [2, 3] && labels.targets.values == [1, 0, 1, 0, 0, 0])
    #expect(labels.weights.shape == [2] && labels.weight == 1.5)
    #expect(sequence.targets.shape == [1, 2] && sequence.weights.shape == [1, 2] && sequence.continues)
  }

  @Test(arguments: [
    ("Embedding(6, 4) LSTM(3) Dense(2) LogSoftmax", "tensorize --tags"),
    ("ShiftRight Embedding(6, 4) LSTM(3) Dense(6) LogSoftmax", "batch --language-model"),
  ])
  func aClassForEveryIDIsAskedFor(_ layers: String, _ advice: String) throws {
    let signature = try ModelSignature(LayerExpression().model(layers))
    try signature.check(record(#"{"inputs":[[5,3]],"targets":[[1,0]]}"#), rowsBefore: 0)
    for targets in [#""targets":[1]"#, #""label_targets":[[1,0]]"#] {
      let record = try record("{\"inputs\":[[5,3]],\(targets)}")
      #expect(performing { try signature.check(record, rowsBefore: 0) }?.contains("(\(advice))") ?? false)
    }
  }

  @Test(arguments: [
    (#"{"inputs":[[6]],"targets":[1]}"#, beyond),
    (
      #"{"inputs":[[5]],"targets":[2]}"#, #"field "targets" holds 2, but the model has 2 classes; classes count from 0"#
    ),
    (
      #"{"inputs":[[5]],"targets":[[1]]}"#,
      #"field "targets" holds a class for every id, but the model gives classes for each row"#
    ),
    (#"{"inputs":[[5]],"targets":[1],"carry":true}"#, #""carry": the 1 rows continue a batch of 3"#),
    (
      #"{"inputs":[[5]],"label_targets":[[1,0]]}"#,
      #"field "label_targets" holds several labels a row, but the model gives one class: it must end in LogSigmoid (train --preset classifier --loss binary-cross-entropy)"#
    ),
  ])
  func whatTheModelHasNotIsRefused(_ line: String, _ message: String) throws {
    let layers = try LayerExpression().model("Embedding(6, 4) Mean Dense(2) LogSoftmax")
    let signature = try ModelSignature(layers)
    #expect(performing { try signature.check(record(line), rowsBefore: 3) } == message)
    try signature.check(record(#"{"inputs":[[5],[0],[1]],"targets":[1,0,1],"carry":true}"#), rowsBefore: 3)
  }

  @Test(arguments: [
    (
      #"{"inputs":[[5]],"targets":[1]}"#,
      #"field "label_targets" is missing: the model gives several labels a record, the batch one class a row (batch --several-labels)"#
    ),
    (
      #"{"inputs":[[5]],"label_targets":[[1,0]]}"#,
      #"field "label_targets" has rows of 2 classes, but the model has 3"#
    ),
    (#"{"inputs":[[6]],"label_targets":[[1,0,1]]}"#, beyond),
  ])
  func rowsOfLabelsAreHeldAgainstTheModel(_ line: String, _ message: String) throws {
    let signature = try ModelSignature(LayerExpression().model("Embedding(6, 4) Mean Dense(3) LogSigmoid"))
    #expect(performing { try signature.check(record(line), rowsBefore: 0) } == message)
    try signature.check(record(#"{"inputs":[[5],[0]],"label_targets":[[1,0,1],[0,0,0]]}"#), rowsBefore: 0)
    let language = try ModelSignature(LayerExpression().model("ShiftRight Embedding(9, 4) Dense(9) LogSoftmax"))
    let refusal = performing { try language.check(record(#"{"inputs":[[5]],"label_targets":[[1]]}"#), rowsBefore: 0) }
    #expect(refusal?.hasSuffix("the model gives classes at every step (batch --language-model)") ?? false)
  }
}
