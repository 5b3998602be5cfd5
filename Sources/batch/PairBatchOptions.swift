import ArgumentParser
import Batches
import Filters
import JSONLines

/// Which records are pairs, and what batches are made of them.
struct PairBatchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The two fields of ids of records that are pairs.", valueName: "a,b"))
  var pair: CommaList?

  @Flag(
    help: """
      Make batches of duplicates (pairs with label 1), for a triplet loss: no two rows of a batch are duplicates of \
      each other. What fills no batch is written at the end of every epoch; --drop-remainder leaves it out.
      """)
  var triplets = false

  func validate() throws { _ = try fields() }

  /// The fields, if records are pairs.
  func fields() throws -> PairFields? {
    do { return try pair.map { try PairFields($0.items) } } catch { throw ValidationError("--pair: \(error)") }
  }

  /// - Throws: `ValidationError` where other options do not fit.
  func check(isOfLabels: Bool, isBalanced: Bool, hasShuffleWindow: Bool) throws {
    guard pair != nil || !triplets else { throw ValidationError("--triplets goes with --pair.") }
    guard pair == nil || isOfLabels else {
      throw ValidationError("--pair does not go with --language-model and --several-labels: a pair has one label.")
    }
    guard !triplets || !isBalanced && !hasShuffleWindow else {
      throw ValidationError(
        "--triplets takes one class and reads all input: it does not go with --balance and --shuffle-window.")
    }
  }
}
