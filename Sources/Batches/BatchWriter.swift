/// Writes one batch after the other as records, and counts the epochs that end with them.
struct BatchWriter {
  private let options: BatchPipeline.Options
  private let classWeights: [Float]
  /// Whether the examples have a class for every id.
  var hasTags = false
  /// The examples of an epoch; nil until the first pass has ended.
  var epochLength: Int?
  /// The examples that batches have used; under --balance of the largest class only.
  private var used = 0
  /// A batch that waits until it is known whether an epoch ends with it.
  private var waiting: [Example] = []
  /// The number of batches, with those that were skipped.
  private(set) var written = 0

  /// - Parameter classWeights: How much a class of ids counts; none for 1.
  init(options: BatchPipeline.Options, classWeights: [Float]) {
    self.options = options
    self.classWeights = classWeights
  }

  /// Whether a batch waits.
  var isWaiting: Bool { !waiting.isEmpty }

  /// Writes a batch that uses so many of an epoch's examples. Where epochs are counted it waits for the next example (the
  /// next batch where a last one may be left out), or the end, which tells whether an epoch ends with it.
  mutating func write(_ batch: [Example], using count: Int, _ output: inout [UInt8]) {
    guard options.countsEpochs else { return append(batch, epoch: nil, to: &output) }
    writeWaiting(&output)
    used += count
    waiting = batch
  }

  /// Counts examples as used that are in no batch.
  mutating func leaveOut(_ count: Int) { used += count }

  /// Writes the batch that waits, if there is one. Without `epoch` that is how often its examples and those before go
  /// through all there are.
  mutating func writeWaiting(_ output: inout [UInt8], epoch: Int? = nil) {
    guard !waiting.isEmpty else { return }
    append(waiting, epoch: epoch ?? epochLength.map { used / $0 } ?? 0, to: &output)
    waiting.removeAll()
  }

  /// Appends a batch, unless it is one of those to skip.
  mutating func append(
    _ batch: [Example], epoch: Int?, idWeights: [[Float]]? = nil, carries: Bool = false, to output: inout [UInt8]
  ) {
    let epoch = options.countsEpochs ? epoch : nil
    if written >= options.skipped {
      if options.isLanguageModel {
        BatchRecord.appendLanguageModelBatch(
          batch, idWeights: idWeights, carries: carries, maskedID: options.maskedID, epoch: epoch, to: &output)
      } else if hasTags {
        BatchRecord.appendTaggedBatch(batch, epoch: epoch, weight: tagWeight, to: &output)
      } else if options.labels.isSeveral {
        BatchRecord.append(batch, classes: options.labels.classCount!, epoch: epoch, to: &output)
      } else {
        BatchRecord.append(batch, epoch: epoch, to: &output)
      }
    }
    written += 1
  }

  /// How much a class of ids counts.
  private func tagWeight(_ tag: Int) -> Float {
    tag == options.maskedID ? 0 : classWeights.isEmpty ? 1 : classWeights[tag]
  }
}
