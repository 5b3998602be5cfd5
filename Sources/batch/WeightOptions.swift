import ArgumentParser
import Batches
import Filters
import JSONLines

/// How much examples and their targets count.
struct WeightOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Weights of the classes 0, 1, …, by which examples count; or CLASS=W,… with a weight for each class by name or \
      number, 1 for the others (needs --labels or --classes); or balanced: all classes count the same together, \
      which needs all input before the first batch.
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

  func validate() throws {
    guard maskID ?? 0 >= 0 else { throw ValidationError("--mask-id must be 0 or more.") }
  }

  /// - Parameter hasClasses: Whether it is known what classes there are.
  /// - Throws: `ValidationError` where other options do not fit.
  func check(hasClasses: Bool) throws {
    if let weights = try typed(), weights.areNamed, !hasClasses {
      throw ValidationError("--class-weights CLASS=W needs --labels or --classes, which say what classes there are.")
    }
  }

  /// Whether all classes are to count the same.
  var areBalanced: Bool { classWeights?.items == ["balanced"] }

  /// What is typed for `--class-weights`; nil where no weights are.
  private func typed() throws -> ClassWeights? {
    guard !areBalanced else { return nil }
    do throws(RecordError) {
      return try classWeights.map { list throws(RecordError) in try ClassWeights(list.items) }
    } catch {
      throw ValidationError("--class-weights: \(error); it takes W,W,… or CLASS=W,… or balanced.")
    }
  }

  /// The weights of all classes; none without the option.
  func ofClasses(_ field: LabelField) throws -> [Float] {
    let weights = try typed()
    do throws(RecordError) {
      return try weights?.values(names: field.names, classes: field.classCount ?? 0) ?? []
    } catch {
      throw Failure("--class-weights: \(error)")
    }
  }
}
