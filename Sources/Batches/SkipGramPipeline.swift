import Files
import JSONLines
import Random

/// Collects the texts of records and writes batches of words and the words near them, as `SkipGramSampler` draws them
/// anew in every epoch.
public struct SkipGramPipeline {
  /// What the batches are made of and how.
  public struct Options {
    /// The number of words of a batch, and how far each looks around at the most.
    public var batchSize = 64, window = 5
    /// The words that are drawn for each near one.
    public var negatives = 5
    /// The share of all words from which on some are left out; nil to use all.
    public var threshold: Double? = 1e-4
    /// For every id of the vocabulary, the ids that stand for the word: its own, and those of its runs of characters;
    /// nil for its own only.
    public var idsOfWords: [[Int]]?
    /// Whether the texts are shuffled, anew for every epoch.
    public var isShuffled = false
    /// The passes through the texts; nil for no end.
    public var epochs: Int? = 1
    /// Whether every batch says how often the texts have been gone through with it.
    public var countsEpochs = false
    /// Whether batches that are not full are left out.
    public var dropsRemainder = false
    /// The number of batches at the beginning that are not written.
    public var skipped = 0
    /// What is drawn from.
    public var key = RandomKey(0)

    /// The options where nothing else is said.
    public init() {}
  }

  private let options: Options
  private let isStopped: () -> Bool
  /// Which texts are used.
  public private(set) var lengths: LengthFilter
  /// Which records are used, where they are split.
  public private(set) var split: DataSplit?
  /// All texts one after the other, where each ends, and how much it counts.
  private var text: [Int32] = [], ends: [Int] = [], weights: [Float] = []
  private var counts: [Int] = []
  private var batch: [(row: SkipGramSampler.Row, weight: Float)] = []
  /// A batch that waits until it is known whether an epoch ends with it.
  private var waiting: [(row: SkipGramSampler.Row, weight: Float)] = []
  private var written = 0

  /// - Parameters:
  ///   - lengths: Which texts are used, by their number of ids.
  ///   - split: The part of the records that is used; nil for all.
  ///   - isStopped: Asked between batches; once it says so, no more are written.
  public init(
    _ options: Options, lengths: LengthFilter, split: DataSplit? = nil, isStopped: @escaping () -> Bool = { false }
  ) {
    (self.options, self.lengths, self.split, self.isStopped) = (options, lengths, split, isStopped)
  }

  /// Takes the text of a record.
  /// - Throws: `RecordError` for a record without ids, or with others than those of the vocabulary.
  public mutating func process(_ line: Bytes) throws(RecordError) {
    let record = try Record(line)
    guard try split?.takes(record) ?? true else { return }
    let example = try Example(record, labels: nil)
    guard example.steps.isEmpty else {
      throw RecordError("field \"ids\" holds several ids a token; --skip-gram takes one (--char-ngrams adds others)")
    }
    if let known = options.idsOfWords?.count, let id = example.ids.first(where: { $0 >= known }) {
      throw RecordError(
        "field \"ids\" holds \(id), but the vocabulary has \(known) entries (tensorize without --char-ngrams and --ngrams)"
      )
    }
    guard let example = lengths.apply(example) else { return }
    for id in example.ids {
      if id >= counts.count { counts += [Int](repeating: 0, count: id + 1 - counts.count) }
      counts[id] += 1
    }
    text += example.ids.lazy.map { Int32($0) }
    ends.append(text.count)
    weights.append(example.weight)
  }

  /// Writes all batches.
  /// - Throws: `FileError` for failed output, `BatchError` where the texts make no batch, or fewer than are skipped.
  public mutating func finish(into output: inout Output) throws {
    if !ends.isEmpty { try writeEpochs(into: &output) }
    guard isStopped() || written >= options.skipped else {
      throw BatchError(description: "--skip \(options.skipped): the input makes fewer batches (\(written))")
    }
  }

  private mutating func writeEpochs(into output: inout Output) throws {
    let sampler = SkipGramSampler(
      counts: counts, window: options.window, negatives: options.negatives, threshold: options.threshold)
    let keys = options.key.split()
    var order = EpochSampler(Array(ends.indices), shuffledBy: options.isShuffled ? keys[0] : nil)
    var epoch = 0
    while epoch < options.epochs ?? .max, !isStopped() {
      let before = written
      let key = keys[1].fold(in: UInt32(truncatingIfNeeded: epoch))
      for _ in ends.indices where !isStopped() {
        let index = order.draw()
        let range = (index == 0 ? 0 : ends[index - 1])..<ends[index]
        for row in sampler.rows(of: text[range], key: key.fold(in: UInt32(index))) {
          batch.append((row, weights[index]))
          guard batch.count == options.batchSize else { continue }
          putOff(epoch, &output.bytes)
          try output.flushIfFull()
        }
      }
      if !batch.isEmpty, !options.dropsRemainder { putOff(epoch, &output.bytes) }
      batch.removeAll()
      epoch += 1
      write(epoch, &output.bytes)
      try output.flushIfFull()
      guard written > before || isStopped() else {
        throw BatchError(description: "--skip-gram makes no batch: too few words stand near each other (--subsample)")
      }
    }
  }

  /// Lets the batch wait, and writes the one that waited before.
  private mutating func putOff(_ epoch: Int, _ output: inout [UInt8]) {
    write(epoch, &output)
    swap(&waiting, &batch)
  }

  /// Writes the batch that waits, if there is one.
  private mutating func write(_ epoch: Int, _ output: inout [UInt8]) {
    guard !waiting.isEmpty else { return }
    if written >= options.skipped {
      BatchRecord.append(
        waiting, idsOfWords: options.idsOfWords, epoch: options.countsEpochs ? epoch : nil, to: &output)
    }
    written += 1
    waiting.removeAll(keepingCapacity: true)
  }
}

extension BatchRecord {
  /// Appends a batch of words and others as a record: `inputs`, the ids of each word; `other_inputs`, the others; both
  /// filled up with 0; `targets`, for each of the others a 1 if it stands near the word and a 0 if it was drawn; and
  /// `weights`, 0 for padding.
  static func append(
    _ rows: [(row: SkipGramSampler.Row, weight: Float)], idsOfWords: [[Int]]?, epoch: Int?, to output: inout [UInt8]
  ) {
    let length = rows.reduce(1) { max($0, $1.row.others.count) }
    func lists(_ output: inout [UInt8], _ value: (Int, Int) -> Bool) {
      output.appendJSON(list: rows.indices) { output, row in
        output.appendJSON(list: 0..<length) { $0.append(value(row, $1) ? "1" : "0") }
      }
    }
    output.appendRecord { batch in
      batch.add(Field.inputs) { $0.appendRows(rows.map { row, _ in idsOfWords?[row.word] ?? [row.word] }) }
      batch.add(Field.otherInputs) { $0.appendRows(rows.map(\.row.others)) }
      batch.add(Field.targets) { lists(&$0) { rows[$0].row.near > $1 } }
      batch.add(Field.weights) { output in
        if rows.allSatisfy({ $0.weight == 1 }) { return lists(&output) { rows[$0].row.others.count > $1 } }
        output.appendJSON(list: rows) { output, row in
          output.appendJSON(list: 0..<length) { $0.appendWeight($1 < row.row.others.count ? row.weight : 0) }
        }
      }
      if let epoch { batch.add(Field.epoch, epoch) }
    }
  }
}
