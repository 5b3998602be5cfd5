import ArgumentParser
import Batches
import Filters

/// Which labels there are, and where.
struct ClassOptions: ParsableArguments {
  @OptionGroup var names: LabelOptions
  @OptionGroup var field: LabelFieldOptions

  @Option(
    help: ArgumentHelp("The number of classes where they have no names; larger labels are errors.", valueName: "n"))
  var classes: Int?

  @Flag(
    help: """
      A record may have several labels, or none: a list in "labels", or a single one in "label". Needs --labels or \
      --classes.
      """)
  var severalLabels = false

  /// The most classes of which a row of 0 and 1 is written.
  private static let mostClasses = 1 << 16

  /// The options, and whether they are given.
  var given: [(String, Bool)] {
    [
      ("--labels", names.labels != nil), ("--label-field", field.labelField != nil), ("--classes", classes != nil),
      ("--several-labels", severalLabels),
    ]
  }

  func validate() throws {
    guard 1...Self.mostClasses ~= classes ?? 1 else {
      throw ValidationError("--classes must be from 1 to \(Self.mostClasses).")
    }
    guard names.labels == nil || classes == nil else {
      throw ValidationError("Give either --labels or --classes: the names say how many classes there are.")
    }
  }

  /// Where the labels are; the names are read.
  func labels() throws -> LabelField {
    LabelField(field.labelField, names: try names.names(), classes: classes, isSeveral: severalLabels)
  }
}
