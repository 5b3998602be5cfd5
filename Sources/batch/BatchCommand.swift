import ArgumentParser
import Batches
import Files
import Filters
import JSONLines
import Random

/// Records with ids in, batches out.
@main
struct BatchCommand: Program {
  static let configuration = CommandConfiguration(
    commandName: "batch",
    abstract: "Put records with ids and labels together into batches.",
    discussion: """
      Reads JSON Lines with "ids", "label" and perhaps "weight" and writes one record \
      {"inputs":[[…]],"targets":[…],"weights":[…]} a batch. Rows are filled up with the padding id 0 to the longest of \
      their batch. A label is a class from 0, or one of the names of --labels.

      With --several-labels a record has a list of them in "labels" (or one in "label"), and a batch has \
      "label_targets" in place of "targets": a row of 0 and 1 for each record, one for every class.

      Records with "tag_ids" (tensorize --tags) have a class for every id: "targets" and "weights" are rows, too, with \
      weight 0 for padding, and --labels, --classes, --class-weights and --mask-id are of tags. The first record says \
      whether the others are such; --label-field and --several-labels say that those of the whole record are meant.

      With --pair A,B a record is a pair of texts, whose ids are in the fields A and B: a batch has the one side in \
      "inputs" and the other in "other_inputs", each filled up to its own longest. With --triplets, too, the batches \
      are for a triplet loss: pairs with label 1, duplicates, in the same row of both sides, and no two rows of a \
      batch that are duplicates of each other, as chains of pairs and equal texts tell.

      With --language-model there are no labels: the targets of a row are its ids, which a model that shifts its \
      inputs to the right predicts one by one, and the weights of padding are 0. With --window the records are parts \
      of one running text: it is cut into as many stretches as a batch has rows, and these into windows; batches that \
      continue the rows of the one before have "carry":true.

      With --epochs and --repeat every batch has "epoch": how often the input has been gone through with this batch, 0 \
      in the first pass and 1 from the last batch of it on. So train knows where --eval-every 1epoch and --epochs end.

      Without --shuffle, --balance, --epochs and --repeat a record is written as soon as its batch is full, and memory \
      is bounded by the batch (and the window of --shuffle-window), so that the input may be endless. With --epochs \
      and --repeat the examples of the first pass are kept; --shuffle, --balance and --window read all input before \
      they write.
      """,
    version: rivuletVersion)

  static let example = """
    printf '%s\\n' '{"ids":[3,4,5],"label":1}' '{"ids":[6],"label":0}' | batch --batch-size 2
    """

  @OptionGroup(title: "Input and output") var input: InputOptions
  @OptionGroup(title: "Input and output") var filter: FilterOptions

  @OptionGroup(title: "Labels") var labels: ClassOptions
  @OptionGroup(title: "Pairs") var pairs: PairBatchOptions
  @OptionGroup(title: "Parts of the data") var parts: SplitOptions

  @Option(help: "The number of examples of a batch; 16 if not given.")
  var batchSize: Int?

  @Option(
    help: ArgumentHelp(
      """
      Put examples of about equal length together: those of up to so many ids, of up to so many, …, and all longer \
      ones. Needs --batch-sizes, one more, instead of --batch-size.
      """, valueName: "n,n,…"))
  var bucketByLength: CommaList?

  @Option(help: ArgumentHelp("The batch sizes of those lengths.", valueName: "n,n,…"))
  var batchSizes: CommaList?

  @Flag(
    help: """
      Give every class an equal share of each batch, the highest label first. An epoch is a pass through the largest \
      class; smaller ones start over meanwhile. With --bucket-by-length that is so for the examples of each length.
      """)
  var balance = false

  @Flag(help: "Shuffle the whole set, anew for every epoch.")
  var shuffle = false

  @Option(help: ArgumentHelp("Shuffle within a window of this many records.", valueName: "records"))
  var shuffleWindow: Int?

  @OptionGroup var seeding: SeedOptions

  @Option(help: "Go through the input this many times; once if not given.")
  var epochs: Int?

  @Flag(help: "Go through the input again and again, until the reader has enough.")
  var `repeat` = false

  @Option(help: "Leave out records with fewer ids.")
  var minLength = 0

  @Option(help: "Leave out records with more ids.")
  var maxLength: Int?

  @Flag(help: "Cut records to --max-length ids instead of leaving them out.")
  var truncate = false

  @Option(
    help: ArgumentHelp(
      """
      Weights of the classes 0, 1, …, by which examples count; or CLASS=W,… with a weight for each class by name or \
      number, 1 for the others (needs --labels or --classes).
      """, valueName: "w,w,…"))
  var classWeights: CommaList?

  @Option(
    help: ArgumentHelp(
      """
      The field that says how much an example counts, and that every record must have. Without this option it is \
      "weight", and 1 where that is missing.
      """, valueName: "field"))
  var weightField: String?

  @Option(
    help: ArgumentHelp("Give targets of this id (or examples of this label) the weight 0.", valueName: "id"))
  var maskID: Int?

  @Flag(help: "Make batches in which ids predict the next id; no labels are needed.")
  var languageModel = false

  @Option(help: ArgumentHelp("Cut one running text into windows of this many ids.", valueName: "ids"))
  var window: Int?

  @Flag(help: "Leave out a last batch that is not full.")
  var dropRemainder = false

  @Option(help: "Leave out the first batches, to go on where a run was stopped. There must be so many.")
  var skip = 0

  /// The examples that a batch may have: all of them are held until it is full.
  private static let batchSizes = 1...1 << 24

  func validate() throws {
    guard Self.batchSizes ~= batchSize ?? 1 else {
      throw ValidationError("--batch-size must be from 1 to \(Self.batchSizes.upperBound).")
    }
    guard epochs ?? 1 >= 1 else { throw ValidationError("--epochs must be 1 or more.") }
    guard shuffleWindow ?? 1 >= 1 else { throw ValidationError("--shuffle-window must be 1 or more.") }
    guard skip >= 0 else { throw ValidationError("--skip must be 0 or more.") }
    guard minLength >= 0, minLength <= maxLength ?? .max else {
      throw ValidationError("--min-length must be from 0 to --max-length.")
    }
    guard maskID ?? 0 >= 0 else { throw ValidationError("--mask-id must be 0 or more.") }
    if seeding.seed != nil, !shuffle, shuffleWindow == nil, !parts.isGiven {
      throw ValidationError(
        "--seed goes with --shuffle, --shuffle-window, --fold and --holdout: nothing else is drawn.")
    }
    if parts.isGiven, seeding.seed == nil {
      throw ValidationError("--fold and --holdout need --seed: both parts must be drawn with the same.")
    }
    if parts.records { try checkRecords() }
    guard !labels.severalLabels || labels.names.labels != nil || labels.classes != nil else {
      throw ValidationError("--several-labels needs --labels or --classes: rows of 0 and 1 have one for every class.")
    }
    if bucketByLength != nil, batchSize != nil {
      throw ValidationError("--bucket-by-length takes --batch-sizes instead of --batch-size.")
    }
    if truncate, maxLength == nil { throw ValidationError("--truncate needs --max-length.") }
    if shuffle || balance, shuffleWindow != nil {
      throw ValidationError("--shuffle-window is for streams; --shuffle and --balance hold the whole set.")
    }
    if languageModel, balance || classWeights != nil || labels.isGiven {
      throw ValidationError(
        "--balance, --class-weights and options of labels need labels, which --language-model does without.")
    }
    if labels.severalLabels {
      let ofOneLabel = [
        ("--balance", balance), ("--class-weights", classWeights != nil), ("--mask-id", maskID != nil),
      ]
      if let (name, _) = ofOneLabel.first(where: \.1) {
        throw ValidationError(
          "\(name) needs records of one label; with --several-labels, let a record count more by its \"weight\".")
      }
    }
    if let window {
      guard window >= 1 else { throw ValidationError("--window must be 1 or more.") }
      guard languageModel else { throw ValidationError("--window goes with --language-model.") }
      if shuffle || shuffleWindow != nil || dropRemainder {
        throw ValidationError("--window keeps the order of the text and all of it: no shuffling, no --drop-remainder.")
      }
    }
    guard (bucketByLength == nil) == (batchSizes == nil) else {
      throw ValidationError("--bucket-by-length and --batch-sizes go together.")
    }
    try pairs.check(
      isOfLabels: !languageModel && !labels.severalLabels, isBalanced: balance, hasShuffleWindow: shuffleWindow != nil)
    _ = try buckets()
    if bucketByLength != nil, window != nil {
      throw ValidationError("--bucket-by-length does not go with --window.")
    }
    if `repeat`, epochs != nil { throw ValidationError("Give either --epochs or --repeat.") }
    if let weights = try weights(), weights.areNamed, labels.names.labels == nil, labels.classes == nil {
      throw ValidationError("--class-weights CLASS=W needs --labels or --classes, which say what classes there are.")
    }
  }

  /// The buckets of `--bucket-by-length`, or the one for all.
  private func buckets() throws -> LengthBuckets {
    guard let bucketByLength, let batchSizes else { return LengthBuckets(boundaries: [], sizes: [batchSize ?? 16]) }
    func numbers(_ list: CommaList, _ option: String) throws -> [Int] {
      try list.items.map { item in
        guard let number = Int(item), number >= 1 else {
          throw ValidationError("\(option): \"\(item)\" is not a whole number of 1 or more.")
        }
        return number
      }
    }
    let boundaries = try numbers(bucketByLength, "--bucket-by-length")
    let sizes = try numbers(batchSizes, "--batch-sizes")
    guard sizes.allSatisfy(Self.batchSizes.contains) else {
      throw ValidationError("--batch-sizes: the largest is \(Self.batchSizes.upperBound).")
    }
    guard zip(boundaries, boundaries.dropFirst()).allSatisfy(<) else {
      throw ValidationError("--bucket-by-length: the lengths must rise.")
    }
    guard sizes.count == boundaries.count + 1 else {
      throw ValidationError("--batch-sizes needs \(boundaries.count + 1) sizes for \(boundaries.count) lengths.")
    }
    return LengthBuckets(boundaries: boundaries, sizes: sizes)
  }

  /// What is typed for `--class-weights`.
  private func weights() throws -> ClassWeights? {
    do throws(RecordError) {
      return try classWeights.map { list throws(RecordError) in try ClassWeights(list.items) }
    } catch {
      throw ValidationError("--class-weights: \(error).")
    }
  }

  /// The weights of all classes; none without the option.
  private func weights(_ field: LabelField) throws -> [Float] {
    let weights = try weights()
    do throws(RecordError) {
      return try weights?.values(names: field.names, classes: field.classCount ?? 0) ?? []
    } catch {
      throw Failure("--class-weights: \(error)")
    }
  }

  /// Records that are written as they are are not put together.
  private func checkRecords() throws {
    let ofBatches: [(String, Bool)] = [
      ("--batch-size", batchSize != nil), ("--bucket-by-length", bucketByLength != nil), ("--balance", balance),
      ("--shuffle", shuffle), ("--shuffle-window", shuffleWindow != nil), ("--epochs", epochs != nil),
      ("--repeat", `repeat`), ("--min-length", minLength > 0), ("--max-length", maxLength != nil),
      ("--class-weights", classWeights != nil), ("--weight-field", weightField != nil), ("--mask-id", maskID != nil),
      ("--language-model", languageModel), ("--drop-remainder", dropRemainder), ("--skip", skip > 0),
      ("--labels", labels.names.labels != nil), ("--classes", labels.classes != nil),
      ("--several-labels", labels.severalLabels), ("--pair", pairs.pair != nil),
    ]
    let ignored = ofBatches.filter(\.1).map(\.0)
    guard ignored.isEmpty else {
      throw ValidationError("--records writes records as they are: leave out \(ignored.joined(separator: ", ")).")
    }
  }

  func run() throws {
    if parts.records { return try writeRecords() }
    let draws = shuffle || shuffleWindow != nil || parts.isGiven
    let key = RandomKey(seeding.seed(orThatOf: draws ? nil : 0, isQuiet: input.quiet))
    let field = try labels.labels()
    let pipeline = BatchPipeline(
      options: .init(
        batchSize: batchSize ?? 16, buckets: try buckets(), isBalanced: balance, isShuffled: shuffle,
        shuffleWindow: shuffleWindow, key: key,
        epochs: `repeat` ? nil : epochs ?? 1, countsEpochs: `repeat` || epochs != nil, dropsRemainder: dropRemainder,
        skipped: skip, labels: field, takesTags: labels.field.labelField == nil && pairs.pair == nil,
        isLanguageModel: languageModel, window: window, maskedID: maskID, pair: try pairs.fields(),
        isOfTriplets: pairs.triplets),
      lengths: LengthFilter(lengths: minLength...(maxLength ?? .max), truncates: truncate),
      classWeights: try weights(field), weightField: weightField,
      split: parts.split(key: key, labelField: labels.field.labelField, pair: try pairs.fields()),
      isStopped: { StopSignal.isReceived })
    var worker = Worker(pipeline: pipeline)
    // The reader of batches may have enough before this ends.
    defer { if !input.quiet { reportNotes(worker.pipeline) } }
    try LineFilter(input, filter).run(&worker)
    if worker.pipeline.lengths.dropped > 0, !input.quiet {
      report("\(worker.pipeline.lengths.dropped) records left out for their length")
    }
  }

  private func reportNotes(_ pipeline: BatchPipeline) {
    if pipeline.pairsLeftOut > 0 {
      report("\(pipeline.pairsLeftOut) pairs left out that are no duplicates, or have an empty side")
    }
    if let split = pipeline.split, split.seen > 0 { report(parts.note(split)) }
    if labels.names.labels == nil, let classes = pipeline.classes, classes.lowerBound == 1, classes.upperBound > 1 {
      report("there are labels from 1 to \(classes.upperBound), but no 0: classes count from 0")
    }
  }

  private func writeRecords() throws {
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

private struct Worker: LineWorker {
  var pipeline: BatchPipeline

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    try pipeline.process(line, into: &output)
  }

  mutating func finish(into output: inout Output) throws {
    do { try pipeline.finish(into: &output) } catch let error as BatchError { throw Failure(error.description) }
  }
}
