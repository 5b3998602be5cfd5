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
  private var shuffleBuffer: ShuffleBuffer<Example>?
  private var kept: [Example] = []
  private var text: [Int32] = []
  /// The weights of the text's ids, once one is not 1.
  private var textWeights: [Float]?
  private var buckets: LengthBuckets
  private var batch: [Example] = []
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
    shuffleBuffer = options.shuffleWindow.map { ShuffleBuffer(size: $0, key: options.key) }
  }

  private var readsAllFirst: Bool { options.isBalanced || options.isShuffled }

  /// Takes the example of a record, and appends the batch that it fills.
  /// - Throws: `RecordError` for what is no example.
  public mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    let record = try Record(line)
    guard try split?.takes(record) ?? true else { return }
    var example = try Example(
      record, labels: options.isLanguageModel ? nil : options.labels, weightField: weightField)
    if !options.isLanguageModel, !options.labels.isSeveral { note(example.label) }
    if !options.isLanguageModel, example.label == options.maskedID { example.weight = 0 }
    if !classWeights.isEmpty {
      guard example.label < classWeights.count else {
        throw RecordError("--class-weights has no weight for label \(example.label)")
      }
      example.weight *= classWeights[example.label]
    }
    guard let example = lengths.apply(example) else { return }
    if options.window != nil { return append(example) }
    if readsAllFirst || options.epochs != 1 { kept.append(example) }
    if !readsAllFirst { push(example, &output) }
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
    if readsAllFirst || options.epochs != 1, kept.isEmpty { return }
    if options.isBalanced {
      try writeBalanced(&output)
    } else if options.isShuffled {
      var sampler = EpochSampler(Array(kept.indices), shuffledBy: options.key)
      try forEachEpoch(from: 0) { pipeline in
        for _ in 0..<pipeline.kept.count where !pipeline.isStopped() {
          pipeline.push(pipeline.kept[sampler.draw()], &output.bytes)
          try output.flushIfFull()
        }
      }
    } else {
      try forEachEpoch(from: 1) { pipeline in
        for example in pipeline.kept where !pipeline.isStopped() {
          pipeline.push(example, &output.bytes)
          try output.flushIfFull()
        }
      }
    }
    if isStopped() { return }
    for example in shuffleBuffer?.drain() ?? [] { add(example, &output.bytes) }
    for rest in buckets.drain() where !options.dropsRemainder {
      batch = rest
      write(&output.bytes)
    }
  }

  private mutating func forEachEpoch(from first: Int, _ body: (inout BatchPipeline) throws -> Void) rethrows {
    var epoch = first
    while epoch < options.epochs ?? .max, !isStopped() {
      try body(&self)
      epoch += 1
    }
  }

  private mutating func writeWindows(of length: Int, _ output: inout Output) throws {
    let windows = TextWindows(text, weights: textWeights, rows: options.batchSize, window: length)
    guard windows.count > 0 else { return }
    try forEachEpoch(from: 0) { pipeline in
      for index in 0..<windows.count where !pipeline.isStopped() {
        pipeline.batch = windows[index]
        pipeline.write(&output.bytes, idWeights: windows.weights(of: index), carries: index > 0)
        try output.flushIfFull()
      }
    }
  }

  private mutating func writeBalanced(_ output: inout Output) throws {
    let labels = kept.map(\.label)
    guard
      var sampler = BalancedSampler(
        labels: labels, batchSize: options.batchSize, shuffledBy: options.isShuffled ? options.key : nil)
    else {
      throw BatchError(
        description:
          "--balance: batches of \(options.batchSize) can't be shared equally by \(Set(labels).count) classes")
    }
    // The examples of the largest class that are still to come.
    var remaining = options.epochs.map { epochs in
      let (count, isBeyond) = epochs.multipliedReportingOverflow(by: sampler.epochLength)
      return isBeyond ? .max : count
    }
    while remaining ?? 1 > 0, !isStopped() {
      for index in sampler.draw(limit: remaining ?? .max) { batch.append(kept[index]) }
      remaining = remaining.map { $0 - sampler.shareOfEachClass }
      if remaining ?? 0 < 0, options.dropsRemainder { return batch.removeAll() }
      write(&output.bytes)
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
    guard let full = buckets.push(example) else { return }
    batch = full
    write(&output)
  }

  private mutating func write(_ output: inout [UInt8], idWeights: [[Float]]? = nil, carries: Bool = false) {
    if written >= options.skipped {
      if options.isLanguageModel {
        BatchRecord.appendLanguageModelBatch(
          batch, idWeights: idWeights, carries: carries, maskedID: options.maskedID, to: &output)
      } else if options.labels.isSeveral {
        BatchRecord.append(batch, classes: options.labels.classCount!, to: &output)
      } else {
        BatchRecord.append(batch, to: &output)
      }
    }
    written += 1
    batch.removeAll(keepingCapacity: true)
  }
}

/// Why records do not make the batches asked for.
public struct BatchError: Error, Equatable, CustomStringConvertible {
  public let description: String
}
