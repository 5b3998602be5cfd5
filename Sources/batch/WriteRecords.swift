import ArgumentParser
import Batches
import Files
import Filters
import JSONLines
import Random

extension BatchCommand {
  /// Records that are written as they are are not put together.
  func checkRecords() throws {
    let ofBatches: [(String, Bool)] = [
      ("--batch-size", sizes.batchSize != nil), ("--bucket-by-length", sizes.bucketByLength != nil),
      ("--balance", balance), ("--shuffle", shuffle), ("--shuffle-window", shuffleWindow != nil),
      ("--epochs", epochs != nil), ("--repeat", `repeat`), ("--min-length", lengths.minLength > 0),
      ("--max-length", lengths.maxLength != nil), ("--class-weights", weights.classWeights != nil),
      ("--weight-field", weights.weightField != nil), ("--mask-id", weights.maskID != nil),
      ("--language-model", languageModel), ("--drop-remainder", dropRemainder), ("--skip", skip > 0),
      ("--labels", labels.names.labels != nil), ("--classes", labels.classes != nil),
      ("--several-labels", labels.severalLabels), ("--pair", pairs.pair != nil),
    ]
    let ignored = ofBatches.filter(\.1).map(\.0)
    guard ignored.isEmpty else {
      throw ValidationError("--records writes records as they are: leave out \(ignored.joined(separator: ", ")).")
    }
  }

  /// Writes the records of a part of the data as they are.
  func writeRecords() throws {
    let split = parts.split(key: RandomKey(seeding.seed!), labelField: labels.field.labelField)!
    var worker = RecordWorker(split: split)
    try LineFilter(input, filter).run(&worker)
    if !input.quiet { report(parts.note(worker.split)) }
  }
}

/// Writes the records of a part as they are.
private struct RecordWorker: LineWorker {
  var split: DataSplit

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    guard try split.takes(Record(line)) else { return }
    output.append(contentsOf: line)
    output.append("\n")
  }
}
