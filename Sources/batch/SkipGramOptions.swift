import ArgumentParser
import Batches
import Files
import Filters
import JSONLines
import Random
import Text

/// What batches of words and those near them are made of.
struct SkipGramOptions: ParsableArguments {
  @Flag(
    help: """
      Make batches of words and the words near them, for a model of word vectors (train --preset skipgram); no labels \
      are needed. --window says how far a word looks around at the most, 5 if not given.
      """)
  var skipGram = false

  @Option(help: ArgumentHelp("With --skip-gram: words drawn for each near one; 5 if not given.", valueName: "n"))
  var negatives: Int?

  @Option(
    help: ArgumentHelp(
      """
      With --skip-gram: the share of all words from which on a word is left out at random the more often the more \
      frequent it is; 0.0001 if not given, 1 to use all.
      """, valueName: "share"))
  var subsample: Double?

  @Option(
    help: ArgumentHelp(
      """
      With --skip-gram: let a word be its own id and those of the runs of so many characters in it, as tensorize \
      --char-ngrams makes them. Needs --vocab, the vocabulary of the ids.
      """, valueName: "m-n"))
  var charNgrams: String?

  @Option(help: ArgumentHelp("The number of ids of runs is 2 to this power; 20 if not given.", valueName: "bits"))
  var hashBits: Int?

  @Option(help: ArgumentHelp("The vocabulary of the ids, for --char-ngrams.", valueName: "file"), completion: .file())
  var vocab: String?

  func validate() throws {
    let given = [
      ("--negatives", negatives != nil), ("--subsample", subsample != nil), ("--char-ngrams", charNgrams != nil),
      ("--hash-bits", hashBits != nil), ("--vocab", vocab != nil),
    ]
    if !skipGram, let (name, _) = given.first(where: \.1) {
      throw ValidationError("\(name) goes with --skip-gram.")
    }
    guard 1...1000 ~= negatives ?? 1 else { throw ValidationError("--negatives must be from 1 to 1000.") }
    guard subsample ?? 1 > 0, subsample ?? 1 <= 1 else {
      throw ValidationError("--subsample must be a share above 0, such as 0.0001, or 1.")
    }
    if charNgrams != nil, vocab == nil { throw ValidationError("--char-ngrams needs --vocab, the file of the ids.") }
    if let (name, _) = given.suffix(2).first(where: \.1), charNgrams == nil {
      throw ValidationError("\(name) goes with --char-ngrams.")
    }
    guard 1...23 ~= hashBits ?? 1 else { throw ValidationError("--hash-bits must be from 1 to 23.") }
    do { _ = try charNgrams.map(HashedNGrams.characterLengths) } catch { throw ValidationError("\(error).") }
  }

  /// For every id of the vocabulary, those that stand for the word; nil where that is its own only.
  fileprivate func idsOfWords() throws -> [[Int]]? {
    guard let vocab, let charNgrams else { return nil }
    let tokens = try VocabularyFile.read(vocab).tokens
    let runs = HashedNGrams(
      characters: try HashedNGrams.characterLengths(charNgrams), bits: hashBits ?? HashedNGrams.bitsIfNotGiven)
    return tokens.enumerated().map { id, token in
      var (token, ids) = (token, [id])
      token.withUTF8 { runs.append([$0], after: tokens.count, to: &ids) }
      return ids
    }
  }
}

extension BatchCommand {
  /// - Throws: `ValidationError` where other options do not fit.
  func checkSkipGram() throws {
    let ofOthers: [(String, Bool)] = [
      ("--bucket-by-length", sizes.bucketByLength != nil), ("--balance", balance),
      ("--shuffle-window", shuffleWindow != nil), ("--class-weights", weights.classWeights != nil),
      ("--weight-field", weights.weightField != nil), ("--mask-id", weights.maskID != nil),
      ("--language-model", languageModel), ("--pair", pairs.pair != nil),
      ("--triplets", pairs.triplets), ("--records", parts.records),
    ]
    if let (name, _) = (ofOthers + labels.given).first(where: \.1) {
      throw ValidationError("\(name) does not go with --skip-gram.")
    }
    guard 1...1000 ~= window ?? 1 else { throw ValidationError("--window must be from 1 to 1000 with --skip-gram.") }
    if `repeat`, epochs != nil { throw ValidationError("Give either --epochs or --repeat.") }
  }

  /// Writes batches of words and those near them.
  func writeSkipGrams() throws {
    let key = RandomKey(seeding.seed(isQuiet: input.quiet))
    var options = SkipGramPipeline.Options()
    options.batchSize = sizes.batchSize ?? options.batchSize
    options.window = window ?? options.window
    options.negatives = skipGrams.negatives ?? options.negatives
    options.threshold = skipGrams.subsample == 1 ? nil : skipGrams.subsample ?? options.threshold
    options.idsOfWords = try skipGrams.idsOfWords()
    options.isShuffled = shuffle
    options.epochs = `repeat` ? nil : epochs ?? 1
    options.countsEpochs = `repeat` || epochs != nil
    (options.dropsRemainder, options.skipped, options.key) = (dropRemainder, skip, key)
    var worker = SkipGramWorker(
      pipeline: SkipGramPipeline(
        options, lengths: lengths.filter, split: parts.split(key: key, labelField: nil),
        isStopped: { StopSignal.isReceived }))
    defer { if !input.quiet, let split = worker.pipeline.split, split.seen > 0 { report(parts.note(split)) } }
    try LineFilter(input, filter).run(&worker)
    if let note = lengths.note(worker.pipeline.lengths), !input.quiet { report(note) }
  }
}

/// Takes the text of one record after the other.
private struct SkipGramWorker: LineWorker {
  var pipeline: SkipGramPipeline

  mutating func process(_ line: Bytes, into output: inout [UInt8]) throws(RecordError) { try pipeline.process(line) }

  mutating func finish(into output: inout Output) throws {
    do { try pipeline.finish(into: &output) } catch let error as BatchError { throw Failure(error.description) }
  }
}
