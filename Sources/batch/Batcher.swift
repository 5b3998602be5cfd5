import Batches
import Filters
import Random
import Records

/// Collects examples from lines and writes batches, as the options say.
struct Batcher: LineWorker {
  struct Options {
    var batchSize: Int
    /// Batches of examples of about equal length, if there are boundaries.
    var buckets: LengthBuckets
    var isBalanced: Bool
    var isShuffled: Bool
    var shuffleWindow: Int?
    var key: RandomKey
    /// nil for no end.
    var epochs: Int?
    var dropsRemainder: Bool
    var skipped: Int
    /// The ids foretell each other; there are no labels.
    var isLanguageModel: Bool
    /// The length of the windows of one running text, if the records are its parts.
    var window: Int?
    /// Targets of this id, or label, weigh nothing.
    var maskedID: Int?
  }

  let options: Options
  var lengths: LengthFilter
  let classWeights: [Float]
  let weightField: String?
  private var shuffleWindow: WindowShuffle<Example>?
  private var kept: [Example] = []
  private var text: [Int32] = []
  /// The weights of the text's ids, once one is not 1.
  private var textWeights: [Float]?
  private var buckets: LengthBuckets
  private var batch: [Example] = []
  private var written = 0

  init(options: Options, lengths: LengthFilter, classWeights: [Float], weightField: String?) {
    self.options = options
    self.lengths = lengths
    self.classWeights = classWeights
    self.weightField = weightField
    buckets = options.buckets
    shuffleWindow = options.shuffleWindow.map { WindowShuffle(size: $0, key: options.key) }
  }

  private var readsAllFirst: Bool { options.isBalanced || options.isShuffled }

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    var example = try Example(Record(line), hasLabel: !options.isLanguageModel, weightField: weightField)
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

  /// Appends an example to the running text.
  private mutating func append(_ example: Example) {
    if example.weight != 1, textWeights == nil { textWeights = [Float](repeating: 1, count: text.count) }
    text.append(contentsOf: example.ids.map { Int32($0) })
    textWeights?.append(contentsOf: repeatElement(example.weight, count: example.ids.count))
  }

  mutating func finish(into output: inout Output) throws {
    try writeRest(into: &output)
    guard StopSignal.isReceived || written >= options.skipped else {
      throw Failure("--skip \(options.skipped): the input makes fewer batches (\(written))")
    }
  }

  private mutating func writeRest(into output: inout Output) throws {
    if let window = options.window { return try writeWindows(of: window, &output) }
    if readsAllFirst || options.epochs != 1, kept.isEmpty { return }
    if options.isBalanced {
      try writeBalanced(&output)
    } else if options.isShuffled {
      var order = EpochOrder(Array(kept.indices), shuffledBy: options.key)
      try forEachEpoch(from: 0) { batcher in
        for _ in 0..<batcher.kept.count where !StopSignal.isReceived {
          batcher.push(batcher.kept[order.draw()], &output.bytes)
          try output.flushIfFull()
        }
      }
    } else {
      try forEachEpoch(from: 1) { batcher in
        for example in batcher.kept where !StopSignal.isReceived {
          batcher.push(example, &output.bytes)
          try output.flushIfFull()
        }
      }
    }
    if StopSignal.isReceived { return }
    for example in shuffleWindow?.drain() ?? [] { add(example, &output.bytes) }
    for rest in buckets.drain() where !options.dropsRemainder {
      batch = rest
      write(&output.bytes)
    }
  }

  private mutating func forEachEpoch(from first: Int, _ body: (inout Batcher) throws -> Void) rethrows {
    var epoch = first
    while epoch < options.epochs ?? .max, !StopSignal.isReceived {
      try body(&self)
      epoch += 1
    }
  }

  private mutating func writeWindows(of length: Int, _ output: inout Output) throws {
    let windows = TextWindows(text, weights: textWeights, rows: options.batchSize, window: length)
    guard windows.count > 0 else { return }
    try forEachEpoch(from: 0) { batcher in
      for index in 0..<windows.count where !StopSignal.isReceived {
        batcher.batch = windows[index]
        batcher.write(&output.bytes, idWeights: windows.weights(of: index), carries: index > 0)
        try output.flushIfFull()
      }
    }
  }

  private mutating func writeBalanced(_ output: inout Output) throws {
    let labels = kept.map(\.label)
    guard
      var order = BalancedOrder(
        labels: labels, batchSize: options.batchSize, shuffledBy: options.isShuffled ? options.key : nil)
    else {
      throw Failure(
        "--balance: batches of \(options.batchSize) can't be shared equally by \(Set(labels).count) classes")
    }
    // The examples of the largest class that are still to come.
    var left = options.epochs.map { epochs in
      let (count, isBeyond) = epochs.multipliedReportingOverflow(by: order.epochLength)
      return isBeyond ? .max : count
    }
    while left ?? 1 > 0, !StopSignal.isReceived {
      for index in order.draw(limit: left ?? .max) { batch.append(kept[index]) }
      left = left.map { $0 - order.shareOfEachClass }
      if left ?? 0 < 0, options.dropsRemainder { return batch.removeAll() }
      write(&output.bytes)
      try output.flushIfFull()
    }
  }

  /// Sends an example through the window, if there is one, into the batch.
  private mutating func push(_ example: Example, _ output: inout [UInt8]) {
    if shuffleWindow == nil {
      add(example, &output)
    } else if let example = shuffleWindow!.push(example) {
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
        output.appendLanguageModelBatch(batch, idWeights: idWeights, carries: carries, maskedID: options.maskedID)
      } else {
        output.appendBatch(batch)
      }
    }
    written += 1
    batch.removeAll(keepingCapacity: true)
  }
}
