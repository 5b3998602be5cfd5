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
  private let isStopped: () -> Bool
  private var reader: ExampleReader
  private var writer: BatchWriter
  private var shuffleBuffer: ShuffleBuffer<Example>?
  private var kept: [Example] = []
  private var text: [Int32] = []
  /// The weights of the text's ids, once one is not 1.
  private var textWeights: [Float]?
  private var buckets: LengthBuckets
  private var triplets: TripletBatches?
  /// How many pairs were left out since they are no duplicates, or have an empty side.
  public private(set) var pairsLeftOut = 0
  /// The examples of the first pass.
  public private(set) var taken = 0
  /// The number of batches, those that were passed over among them.
  public var written: Int { writer.written }

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
    self.split = split
    reader = ExampleReader(options: options, classWeights: classWeights, weightField: weightField)
    writer = BatchWriter(options: options, classWeights: classWeights)
    buckets = options.buckets
    triplets = options.isOfTriplets ? TripletBatches(options.buckets) : nil
    shuffleBuffer = options.shuffleWindow.map { ShuffleBuffer(size: $0, key: options.key) }
  }

  /// From which class to which the labels of the records went so far.
  public var classes: ClosedRange<Int>? { reader.classes }

  private var readsAllFirst: Bool {
    options.isBalanced || options.isShuffled || options.isOfTriplets || options.weighsClassesEqually
  }

  /// Takes the example of a record, and appends the batch that it fills.
  /// - Throws: `RecordError` for what is no example.
  public mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    let record = try Record(line)
    guard try split?.takes(record) ?? true else { return }
    let example = try reader.example(of: record)
    writer.hasTags = reader.hasTags ?? false
    if options.isOfTriplets, try !isDuplicate(example) {
      pairsLeftOut += 1
      return
    }
    triplets?.note(example.ids, example.otherIDs ?? [])
    let whole = example.ids
    guard let example = lengths.apply(example) else { return }
    triplets?.note(whole, example.ids)
    // There is more to come in this pass, though it may be left out.
    if !options.dropsRemainder { writer.writeWaiting(&output) }
    taken += 1
    if options.window != nil { return append(example) }
    if readsAllFirst || options.epochs != 1 { kept.append(example) }
    if !readsAllFirst { push(example, &output) }
  }

  /// Whether both texts are there and say the same, as label 1 says.
  private func isDuplicate(_ example: Example) throws(RecordError) -> Bool {
    guard 0...1 ~= example.label else {
      throw RecordError("--triplets: a label is 1 for duplicates or 0 for others, not \(example.label)")
    }
    return example.label == 1 && !example.ids.isEmpty && example.otherIDs?.isEmpty == false
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
    guard isStopped() || writer.written >= options.skipped else {
      throw BatchError(description: "--skip \(options.skipped): the input makes fewer batches (\(writer.written))")
    }
  }

  private mutating func writeRest(into output: inout Output) throws {
    if let window = options.window { return try writeWindows(of: window, &output) }
    if options.isOfTriplets, kept.isEmpty {
      throw BatchError(description: "--triplets: there is no pair of two texts with label 1")
    }
    if readsAllFirst || options.epochs != 1, kept.isEmpty { return }
    writer.epochLength = taken
    if options.weighsClassesEqually { weighClassesEqually() }
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
      try forEachEpoch(from: readsAllFirst ? 0 : 1) { pipeline, _ in
        for example in pipeline.kept where !pipeline.isStopped() {
          pipeline.push(example, &output.bytes)
          try output.flushIfFull()
        }
        pipeline.endEpochOfTriplets(&output.bytes)
      }
    }
    if isStopped() { return writer.writeWaiting(&output.bytes) }
    for example in shuffleBuffer?.drain() ?? [] { add(example, &output.bytes) }
    for rest in buckets.drain() where !options.dropsRemainder { writer.write(rest, using: rest.count, &output.bytes) }
    // All epochs end with the last batch, even if what does not fill another is left out.
    writer.writeWaiting(&output.bytes, epoch: options.epochs)
  }

  /// Lets the examples of each class count as much together as those of any other. Source: scikit-learn's
  /// `class_weight="balanced"`.
  private mutating func weighClassesEqually() {
    var counts: [Int: Int] = [:]
    for example in kept { counts[example.label, default: 0] += 1 }
    for index in kept.indices {
      kept[index].weight *= Float(Double(kept.count) / Double(counts.count * counts[kept[index].label]!))
    }
  }

  /// Calls `body` with the numbers of the epochs, from `first` on.
  /// - Throws: `BatchError` where epochs without end would make no batch, and what `body` throws.
  private mutating func forEachEpoch(
    from first: Int, _ body: (inout BatchPipeline, _ epoch: Int) throws -> Void
  ) throws {
    var epoch = first
    while epoch < options.epochs ?? .max, !isStopped() {
      let before = writer.written
      try body(&self, epoch)
      epoch += 1
      // What leaves no full batch in one epoch of triplets leaves none in any other.
      if options.isOfTriplets, options.dropsRemainder, writer.written == before, !writer.isWaiting {
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
        pipeline.writer.append(
          windows[index], epoch: index == windows.count - 1 ? epoch + 1 : epoch,
          idWeights: windows.weights(of: index), carries: index > 0, to: &output.bytes)
        try output.flushIfFull()
      }
    }
  }

  private mutating func writeBalanced(_ output: inout Output) throws {
    var batches = try BalancedBuckets(
      kept, options.buckets, shuffledBy: options.isShuffled ? options.key : nil, epochs: options.epochs)
    writer.epochLength = batches.epochLength
    while !isStopped(), let batch = batches.draw() {
      if !batch.isFull, options.dropsRemainder { continue }
      writer.write(batch.examples.map { kept[$0] }, using: batch.share, &output.bytes)
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
    if let full { writer.write(full, using: full.count, &output) }
  }

  /// Writes the batches of duplicates that are not full: in the next epoch their rows come again.
  private mutating func endEpochOfTriplets(_ output: inout [UInt8]) {
    for rest in triplets?.drain() ?? [] {
      if options.dropsRemainder { writer.leaveOut(rest.count) } else { writer.write(rest, using: rest.count, &output) }
    }
  }
}

/// Why records do not make the batches asked for.
public struct BatchError: Error, Equatable, CustomStringConvertible {
  public let description: String
}
