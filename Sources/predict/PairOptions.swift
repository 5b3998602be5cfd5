import ArgumentParser
import Batches
import Filters

/// What is asked of a model of pairs.
struct PairOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The two fields that hold the texts, their tokens or their ids; those that the model knows, if not given.",
      valueName: "a,b"))
  var pair: CommaList?

  @Flag(help: "Of single texts: add \"vector\", the model's vector of the text at length 1.")
  var vectors = false

  @Option(
    help: ArgumentHelp(
      """
      Of single texts: add "nearest", the n most similar records of --among, each with its line, "id" and text if it \
      has them, and similarity; of equals the first.
      """, valueName: "n"))
  var nearest: Int?

  @Option(
    help: ArgumentHelp(
      """
      The records among which --nearest looks; all are held in memory. A bad one ends the program, unless --on-error \
      says otherwise: then it is reported and left out.
      """, valueName: "file"), completion: .file())
  var among: String?

  /// The options, and whether they are given.
  var given: [(name: String, isGiven: Bool)] {
    [
      ("--pair", pair != nil), ("--vectors", vectors), ("--nearest", nearest != nil), ("--among", among != nil),
    ]
  }

  /// Whether single texts are asked about, with a model of pairs.
  var isOfSingleTexts: Bool { vectors || nearest != nil }

  func validate() throws {
    do { _ = try pair.map { try PairFields($0.items) } } catch { throw ValidationError("--pair: \(error)") }
    guard nearest ?? 1 >= 1 else { throw ValidationError("--nearest must be 1 or more.") }
    guard (nearest == nil) == (among == nil) else { throw ValidationError("--nearest and --among go together.") }
    guard !vectors || nearest == nil else { throw ValidationError("Give either --vectors or --nearest.") }
    guard !isOfSingleTexts || pair == nil else {
      throw ValidationError("--pair goes without \(vectors ? "--vectors" : "--nearest"): single texts are in --field.")
    }
  }

  /// - Throws: `Failure` where something is asked that a model of single texts does not give.
  func checkUnused(_ model: String) throws(Failure) {
    guard let (name, _) = given.first(where: \.isGiven) else { return }
    throw Failure("\(name): \(model) is no model of pairs (train --preset siamese)")
  }
}
