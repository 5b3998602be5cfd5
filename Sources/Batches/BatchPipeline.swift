import Files
import JSONLines
import Random

/// Collects the examples of records and writes batches, as the options say.
public struct BatchPipeline {
  private let options: Options
  /// Which examples are used.
  public private(set) var lengths: LengthFilter
  /// Which records are used, where they are split.
  public private(set) var split: DataSplit?
  /// From which class to which the labels of the records went so far.
  public private(set) var classes: ClosedRange<Int>?
  private let classWeights: [Float]
  private let weightField: String?
  private let isStopped: () -> Bool
  /// Whether the records have a class for every id, as the first one says; nil before it.
  private var hasTags: Bool?
  /// Whether the tokens of the records have several ids; nil before the first token.
  private var hasSteps: Bool?
  private var shuffleBuffer: ShuffleBuffer<Example>?
  private var kept: [Example] = []
  private var text: [Int32] = []
  /// The weights of the text's ids, once one is not 1.
  private var textWeights: [Float]?
  private var buckets: LengthBuckets
  private var triplets: TripletBatches?
  /// How many pairs were left out since they are no duplicates, or have an empty side.
  public private(set) var pairsLeftOut = 0
  /// The examples that were taken, and those that batches have used; under --balance of the largest class only.
  private var taken = 0, used = 0
  /// The examples of an epoch; nil until the first pass has ended.
  private var epochLength: Int?
  /// A batch that waits until it is known whether an epoch ends with it.
  private var waiting: [Example] = []
  private var written = 0

  /// - Parameters:
  ///   - classWeights: The factor of an example's weight by its class; none for 1.
  ///   - weightField: The field of a record that says how much it counts; without one, `weight` where it is there.
  ///   - split: The part of the records that is used; nil for all.
  ///   - isStopped: Asked between batches; once it says so, no more are written.
  public init(
    options: Options, lengths: LengthFilter, classWeights: [Float] = [], weightField: String? = nil,
    split: DataSplit? = nil, isStopped: @escaping () -> Bool = { false }
  ) {
    self.isStopped = isStopped
    self.options = options
    self.lengths = lengths
    self.classWeights = classWeights
    self.weightField = weightField
    self.split = split
    buckets = options.buckets
    triplets = options.isOfTriplets ? TripletBatches(options.buckets) : nil
    shuffleBuffer = options.shuffleWindow.map { ShuffleBuffer(size: $0, key: options.key) }
  }

  private var readsAllFirst: Bool { options.isBalanced || options.isShuffled || options.isOfTriplets }

  /// Takes the example of a record, and appends the batch that it fills.
  /// - Throws: `RecordError` for what is no example.
  public mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    let record = try Record(line)
    guard try split?.takes(record) ?? true else { return }
    let hasTags = if let known = self.hasTags { known } else { try isTagged(record) }
    var example = try Example(
      record, labels: options.isLanguageModel || hasTags ? nil : options.labels, weightField: weightField,
      pair: options.pair)
    if hasTags { try example.takeTags(of: record, classes: options.labels.classCount) } else { try weigh(&example) }
    try checkSteps(of: example)
    if let tag = example.tagIDs.max(), !classWeights.isEmpty { try checkWeight(of: tag) }
    self.hasTags = hasTags
    if options.isOfTriplets, try !isDuplicate(example) {
      pairsLeftOut += 1
      return
    }
    triplets?.note(example.ids, example.otherIDs ?? [])
    let whole = example.ids
    guard let example = lengths.apply(example) else { return }
    triplets?.note(whole, example.ids)
    // There is more to come in this pass, though it may be left out.
    if !options.dropsRemainder { writeWaiting(&output) }
    taken += 1
    if options.window != nil { return append(example) }
    if readsAllFirst || options.epochs != 1 { kept.append(example) }
    if !readsAllFirst { push(example, &output) }
  }

  /// - Throws: `RecordError` where steps have several ids, and those of other records do not, or no step has a class.
  private mutating func checkSteps(of example: Example) throws(RecordError) {
    guard !example.ids.isEmpty else { return }
    let hasSteps = !example.steps.isEmpty
    guard !hasSteps || !example.tagIDs.isEmpty else {
      throw RecordError("field \"ids\" holds several ids a token, which go with \"\(Example.tagField)\" only")
    }
    guard hasSteps == self.hasSteps ?? hasSteps else {
      throw RecordError("field \"ids\" holds \(hasSteps ? "several ids" : "one id") a token, unlike the records before")
    }
    self.hasSteps = hasSteps
  }

  /// Whether the first record has a class for every id.
  /// - Throws: `RecordError` where it has, but something is to be done that needs a class of the whole record.
  private func isTagged(_ record: borrowing Record) throws(RecordError) -> Bool {
    guard options.takesTags, record.has(Example.tagField) else { return false }
    guard !options.isBalanced else {
      throw RecordError(
        "--balance shares a batch among classes of records, but \"\(Example.tagField)\" holds classes of tokens "
          + "(--label-field says where a class of the record is)")
    }
    return true
  }

  /// Notes the label of an example, and lets it count as the options say.
  private mutating func weigh(_ example: inout Example) throws(RecordError) {
    if !options.isLanguageModel, !options.labels.isSeveral { note(example.label) }
    if !options.isLanguageModel, example.label == options.maskedID { example.weight = 0 }
    guard !classWeights.isEmpty else { return }
    try checkWeight(of: example.label)
    example.weight *= classWeights[example.label]
  }

  private func checkWeight(of label: Int) throws(RecordError) {
    guard label < classWeights.count else { throw RecordError("--class-weights has no weight for label \(label)") }
  }

  /// Whether both texts are there and say the same, as label 1 says.
  private func isDuplicate(_ example: Example) throws(RecordError) -> Bool {
    guard 0...1 ~= example.label else {
      throw RecordError("--triplets: a label is 1 for duplicates or 0 for others, not \(example.label)")
    }
    return example.label == 1 && !example.ids.isEmpty && example.otherIDs?.isEmpty == false
  }

  private mutating func note(_ label: Int) {
    let before = classes ?? label...label
    classes = min(before.lowerBound, label)...max(before.upperBound, label)
  }

  /// Appends an example to the running text.
  private mutating func append(_ example: Example) {
    if example.weight != 1, textWeights == nil { textWeights = [Float](repeating: 1, count: text.count) }
    text.append(contentsOf: example.ids.map { Int32($0) })
    textWeights?.append(contentsOf: repeatElement(example.weight, count: example.ids.count))
  }

  /// Writes what can be written only when the last record has come.
  /// - Throws: `FileError` for failed output, `BatchError` where the records do not make the batches asked for.
  public mutating func finish(into output: inout Output) throws {
    try writeRest(into: &output)
    guard isStopped() || written >= options.skipped else {
      throw BatchError(description: "--skip \(options.skipped): the input makes fewer batches (\(written))")
    }
  }

  private mutating func writeRest(into output: inout Output) throws {
    if let window = options.window { return try writeWindows(of: window, &output) }
    if options.isOfTriplets, kept.isEmpty {
      throw BatchError(description: "--triplets: there is no pair of two texts with label 1")
    }
    if readsAllFirst || options.epochs != 1, kept.isEmpty { return }
    epochLength = taken
    if options.isBalanced {
      try writeBalanced(&output)
    } else if options.isShuffled {
      var sampler = EpochSampler(Array(kept.indices), shuffledBy: options.key)
      try forEachEpoch(from: 0) { pipeline, _ in
        for _ in 0..<pipeline.kept.count where !pipeline.isStopped() {
          pipeline.push(pipeline.kept[sampler.draw()], &output.bytes)
          try output.flushIfFull()
        }
        pipeline.endEpochOfTriplets(&output.bytes)
      }
    } else {
      try forEachEpoch(from: options.isOfTriplets ? 0 : 1) { pipeline, _ in
        for example in pipeline.kept where !pipeline.isStopped() {
          pipeline.push(example, &output.bytes)
          try output.flushIfFull()
        }
        pipeline.endEpochOfTriplets(&output.bytes)
      }
    }
    if isStopped() { return writeWaiting(&output.bytes) }
    for example in shuffleBuffer?.drain() ?? [] { add(example, &output.bytes) }
    for rest in buckets.drain() where !options.dropsRemainder { write(rest, using: rest.count, &output.bytes) }
    // All epochs end with the last batch, even if what does not fill another is left out.
    writeWaiting(&output.bytes, epoch: options.epochs)
  }

  /// Calls `body` with the numbers of the epochs, from `first` on.
  /// - Throws: `BatchError` where epochs without end would make no batch, and what `body` throws.
  private mutating func forEachEpoch(
    from first: Int, _ body: (inout BatchPipeline, _ epoch: Int) throws -> Void
  ) throws {
    var epoch = first
    while epoch < options.epochs ?? .max, !isStopped() {
      let before = written
      try body(&self, epoch)
      epoch += 1
      // What leaves no full batch in one epoch of triplets leaves none in any other.
      if options.isOfTriplets, options.dropsRemainder, written == before, waiting.isEmpty {
        throw BatchError(
          description: "--drop-remainder leaves no batch: the duplicates fill none of \(options.batchSize)")
      }
    }
  }

  private mutating func writeWindows(of length: Int, _ output: inout Output) throws {
    let windows = TextWindows(text, weights: textWeights, rows: options.batchSize, window: length)
    guard windows.count > 0 else { return }
    try forEachEpoch(from: 0) { pipeline, epoch in
      for index in 0..<windows.count where !pipeline.isStopped() {
        pipeline.append(
          windows[index], epoch: index == windows.count - 1 ? epoch + 1 : epoch,
          idWeights: windows.weights(of: index), carries: index > 0, to: &output.bytes)
        try output.flushIfFull()
      }
    }
  }

  private mutating func writeBalanced(_ output: inout Output) throws {
    var batches = try BalancedBuckets(
      kept, options.buckets, shuffledBy: options.isShuffled ? options.key : nil, epochs: options.epochs)
    epochLength = batches.epochLength
    while !isStopped(), let batch = batches.draw() {
      if !batch.isFull, options.dropsRemainder { continue }
      write(batch.examples.map { kept[$0] }, using: batch.share, &output.bytes)
      try output.flushIfFull()
    }
  }

  /// Sends an example through the shuffle buffer, if there is one, into the batch.
  private mutating func push(_ example: Example, _ output: inout [UInt8]) {
    if shuffleBuffer == nil {
      add(example, &output)
    } else if let example = shuffleBuffer!.push(example) {
      add(example, &output)
    }
  }

  private mutating func add(_ example: Example, _ output: inout [UInt8]) {
    let full = triplets == nil ? buckets.push(example) : triplets!.push(example)
    if let full { write(full, using: full.count, &output) }
  }

  /// Writes the batches of duplicates that are not full: in the next epoch their rows come again.
  private mutating func endEpochOfTriplets(_ output: inout [UInt8]) {
    for rest in triplets?.drain() ?? [] {
      if options.dropsRemainder { used += rest.count } else { write(rest, using: rest.count, &output) }
    }
  }

  /// Writes a batch that uses so many of an epoch's examples. Where epochs are counted it waits for the next example (the
  /// next batch where a last one may be left out), or the end, which tells whether an epoch ends with it.
  private mutating func write(_ batch: [Example], using count: Int, _ output: inout [UInt8]) {
    guard options.countsEpochs else { return append(batch, epoch: nil, to: &output) }
    writeWaiting(&output)
    used += count
    waiting = batch
  }

  /// Writes the batch that waits, if there is one. Without `epoch` that is how often its examples and those before go
  /// through all there are.
  private mutating func writeWaiting(_ output: inout [UInt8], epoch: Int? = nil) {
    guard !waiting.isEmpty else { return }
    append(waiting, epoch: epoch ?? epochLength.map { used / $0 } ?? 0, to: &output)
    waiting.removeAll()
  }

  private mutating func append(
    _ batch: [Example], epoch: Int?, idWeights: [[Float]]? = nil, carries: Bool = false, to output: inout [UInt8]
  ) {
    let epoch = options.countsEpochs ? epoch : nil
    if written >= options.skipped {
      if options.isLanguageModel {
        BatchRecord.appendLanguageModelBatch(
          batch, idWeights: idWeights, carries: carries, maskedID: options.maskedID, epoch: epoch, to: &output)
      } else if hasTags ?? false {
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

/// Why records do not make the batches asked for.
public struct BatchError: Error, Equatable, CustomStringConvertible {
  public let description: String
}
