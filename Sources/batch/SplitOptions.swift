import ArgumentParser
import Batches
import Filters
import Random

/// Which part of the records is used.
struct SplitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Leave out the i-th of n parts of equal size (--fold 2/5). Records of one text (of pairs: both sides) or one "id" \
      are in one part, the labels are shared equally, and it is the same part for the same records in the same order and the same --seed.
      """, valueName: "i/n"),
    transform: Fold.init)
  var fold: Fold?

  @Option(
    help: ArgumentHelp("Leave out this share of the records, chosen as --fold does.", valueName: "share"),
    transform: share)
  var holdout: Double?

  @Flag(help: "Take what --fold or --holdout leaves out, and nothing else.")
  var heldOut = false

  @Flag(help: "Write the records of the part as they are, instead of batches.")
  var records = false

  /// `i/n`.
  struct Fold {
    let index: Int, count: Int

    init(_ argument: String) throws {
      let numbers = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
      guard numbers.count == 2, let index = numbers[0], let count = numbers[1], 2...1000 ~= count,
        1...count ~= index
      else { throw ValidationError("i is from 1 to n, n from 2 to 1000.") }
      (self.index, self.count) = (index, count)
    }
  }

  private static func share(_ argument: String) throws -> Double {
    guard let share = Double(argument), 1e-6...1 - 1e-6 ~= share else {
      throw ValidationError("a share between 0 and 1, such as 0.1.")
    }
    return share
  }

  var isGiven: Bool { fold != nil || holdout != nil }

  func validate() throws {
    guard fold == nil || holdout == nil else { throw ValidationError("Give either --fold or --holdout.") }
    guard isGiven || !heldOut && !records else {
      throw ValidationError("--held-out and --records go with --fold and --holdout.")
    }
  }

  /// The part, if there is one.
  func split(key: RandomKey, labelField: String?, pair: PairFields? = nil) -> DataSplit? {
    let rule = fold.map { DataSplit.Rule.fold($0.index, of: $0.count) } ?? holdout.map { .share($0) }
    return rule.map { DataSplit($0, takesHeldOut: heldOut, key: key, labelField: labelField, pair: pair) }
  }

  /// What became of the records.
  func note(_ split: DataSplit) -> String {
    let part = fold.map { "fold \($0.index) of \($0.count)" } ?? "what is held out"
    let empty = split.taken == 0 || split.taken == split.seen ? ", so that one part is empty" : ""
    return "\(split.taken) of \(split.seen) records: \(heldOut ? "" : "all but ")\(part)\(empty)"
  }
}
