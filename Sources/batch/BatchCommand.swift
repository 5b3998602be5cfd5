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

      With --skip-gram, too, there are no labels: a row is a word, in "inputs" its id (and those of its runs of \
      characters, with --char-ngrams), in "other_inputs" the words near it in its record and others that were drawn, \
      with targets 1 and 0; weights are 0 for padding. The ids 0 to 2, those of special tokens, are no words. It \
      reads all input before it writes, and draws anew in every epoch: frequent words are left out at random, and \
      drawn in proportion to their counts to the power of 3/4.

      With --epochs and --repeat every batch has "epoch": how often the input has been gone through with this batch, 0 \
      in the first pass and 1 from the last batch of it on. So train knows where --eval-every 1epoch and --epochs end.

      Without --shuffle, --balance, --class-weights balanced, --epochs and --repeat a record is written as soon as its batch is full, and memory \
      is bounded by the batch (and the window of --shuffle-window), so that the input may be endless. With --epochs \
      and --repeat the examples of the first pass are kept; --shuffle, --balance, --class-weights balanced and --window \
      read all input before they write.
      """,
    version: versionAndCommit)

  static let guides = ["batching"]

  static let commonOptions = [
    "--on-error", "--label-field", "--labels", "--batch-size", "--bucket-by-length", "--batch-sizes", "--balance",
    "--shuffle", "--seed", "--epochs", "--repeat", "--fold", "--holdout", "--held-out", "--records",
    "--class-weights", "--language-model", "--window",
  ]

  static let example = """
    printf '%s\\n' '{"ids":[3,4,5],"label":1}' '{"ids":[6],"label":0}' | batch --batch-size 2
    """

  @OptionGroup(title: "Input and output") var input: InputOptions
  @OptionGroup(title: "Input and output") var filter: FilterOptions

  @OptionGroup(title: "Labels") var labels: ClassOptions
  @OptionGroup(title: "Pairs") var pairs: PairBatchOptions
  @OptionGroup(title: "Word vectors") var skipGrams: SkipGramOptions
  @OptionGroup(title: "Parts of the data") var parts: SplitOptions

  @OptionGroup var sizes: BatchSizeOptions

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

  @OptionGroup var lengths: LengthOptions

  @OptionGroup var weights: WeightOptions

  @Flag(help: "Make batches in which ids predict the next id; no labels are needed.")
  var languageModel = false

  @Option(
    help: ArgumentHelp(
      "Cut one running text into windows of this many ids; with --skip-gram, how far a word looks around.",
      valueName: "ids"))
  var window: Int?

  @Flag(help: "Leave out a last batch that is not full.")
  var dropRemainder = false

  @Option(help: "Leave out the first batches, to go on where a run was stopped. There must be so many.")
  var skip = 0

  func validate() throws {
    guard epochs ?? 1 >= 1 else { throw ValidationError("--epochs must be 1 or more.") }
    guard shuffleWindow ?? 1 >= 1 else { throw ValidationError("--shuffle-window must be 1 or more.") }
    guard skip >= 0 else { throw ValidationError("--skip must be 0 or more.") }
    if seeding.seed != nil, !shuffle, shuffleWindow == nil, !parts.isGiven, !skipGrams.skipGram {
      throw ValidationError(
        "--seed goes with --shuffle, --shuffle-window, --skip-gram, --fold and --holdout: nothing else is drawn.")
    }
    if parts.isGiven, seeding.seed == nil {
      throw ValidationError("--fold and --holdout need --seed: both parts must be drawn with the same.")
    }
    if !parts.records { try filter.checkWritesNoLines(into: "the stream of batches") }
    if skipGrams.skipGram { return try checkSkipGram() }
    if parts.records { try checkRecords() }
    guard !labels.severalLabels || labels.names.labels != nil || labels.classes != nil else {
      throw ValidationError("--several-labels needs --labels or --classes: rows of 0 and 1 have one for every class.")
    }
    if weights.areBalanced, balance || shuffleWindow != nil || pairs.triplets {
      throw ValidationError(
        "--class-weights balanced does not go with --balance, --triplets and --shuffle-window.")
    }
    if shuffle || balance, shuffleWindow != nil {
      throw ValidationError("--shuffle-window is for streams; --shuffle and --balance hold the whole set.")
    }
    let ofLabels = [("--balance", balance), ("--class-weights", weights.classWeights != nil)] + labels.given
    if languageModel, let (name, _) = ofLabels.first(where: \.1) {
      throw ValidationError("\(name) is for labels, which --language-model does without.")
    }
    if labels.severalLabels {
      let ofOneLabel = [
        ("--balance", balance), ("--class-weights", weights.classWeights != nil), ("--mask-id", weights.maskID != nil),
      ]
      if let (name, _) = ofOneLabel.first(where: \.1) {
        throw ValidationError(
          "\(name) needs records of one label; with --several-labels, let a record count more by its \"weight\".")
      }
    }
    if let window {
      guard window >= 1 else { throw ValidationError("--window must be 1 or more.") }
      guard languageModel else { throw ValidationError("--window goes with --language-model and --skip-gram.") }
      if shuffle || shuffleWindow != nil || dropRemainder {
        throw ValidationError("--window keeps the order of the text and all of it: no shuffling, no --drop-remainder.")
      }
    }
    try pairs.check(
      isOfLabels: !languageModel && !labels.severalLabels, isBalanced: balance, hasShuffleWindow: shuffleWindow != nil)
    if sizes.bucketByLength != nil, window != nil {
      throw ValidationError("--bucket-by-length does not go with --window.")
    }
    if `repeat`, epochs != nil { throw ValidationError("Give either --epochs or --repeat.") }
    try weights.check(hasClasses: labels.names.labels != nil || labels.classes != nil)
  }

  func run() throws {
    if parts.records { return try writeRecords() }
    if skipGrams.skipGram { return try writeSkipGrams() }
    let draws = shuffle || shuffleWindow != nil || parts.isGiven
    let key = RandomKey(seeding.seed(orThatOf: draws ? nil : 0, isQuiet: input.quiet))
    let field = try labels.labels()
    let pipeline = BatchPipeline(
      options: .init(
        batchSize: sizes.batchSize ?? 16, buckets: try sizes.buckets(), isBalanced: balance,
        weighsClassesEqually: weights.areBalanced, isShuffled: shuffle, shuffleWindow: shuffleWindow, key: key,
        epochs: `repeat` ? nil : epochs ?? 1, countsEpochs: `repeat` || epochs != nil, dropsRemainder: dropRemainder,
        skipped: skip, labels: field, takesTags: labels.field.labelField == nil && pairs.pair == nil,
        isLanguageModel: languageModel, window: window, maskedID: weights.maskID, pair: try pairs.fields(),
        isOfTriplets: pairs.triplets),
      lengths: lengths.filter, classWeights: try weights.ofClasses(field), weightField: weights.weightField,
      split: parts.split(key: key, labelField: labels.field.labelField, pair: try pairs.fields()),
      isStopped: { StopSignal.isReceived })
    var worker = Worker(pipeline: pipeline)
    // The reader of batches may have enough before this ends.
    defer { if !input.quiet { reportNotes(worker.pipeline) } }
    try LineFilter(input, filter).run(&worker)
    if let note = lengths.note(worker.pipeline.lengths), !input.quiet { report(note) }
    if let note = noteOnNoBatches(worker.pipeline), !input.quiet { report(note) }
  }

  /// Why there are no batches; nil where there are some, or that has been said.
  private func noteOnNoBatches(_ pipeline: BatchPipeline) -> String? {
    guard pipeline.written == 0, pipeline.lengths.dropped == 0, !StopSignal.isReceived else { return nil }
    if pipeline.taken == 0 {
      return pipeline.split.map { $0.seen > 0 } ?? false ? nil : "there were no records to make batches of"
    }
    let size = sizes.batchSizes.map { "the sizes \($0)" } ?? "\(sizes.batchSize ?? 16)"
    return dropRemainder ? "\(pipeline.taken) records make no batch of \(size) (--drop-remainder)" : nil
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
}

/// Makes batches of one record after the other.
private struct Worker: LineWorker {
  var pipeline: BatchPipeline

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) {
    try pipeline.process(line, into: &output)
  }

  mutating func finish(into output: inout Output) throws {
    do { try pipeline.finish(into: &output) } catch let error as BatchError { throw Failure(error.description) }
  }
}
