import Batches
import Neural
import Records
import Text

/// Finds the log probabilities of a record's targets.
struct Scorer {
  private var model: LanguageModel?
  private let characters: CharacterEncoding
  private let field: String
  /// The id that stands for everything unknown, if the model has one.
  private let unknown: Int?
  /// Whether every text goes on where the last one ended.
  private let carries: Bool
  private var hasBegun = false

  /// The steps that go through the model at once; longer texts go in pieces that continue each other.
  private static let piece = 256

  init(
    model: LanguageModel?, characters: CharacterEncoding, field: String, hasVocabulary: Bool, carries: Bool
  ) {
    self.model = model
    self.characters = characters
    self.field = field
    unknown = hasVocabulary ? Vocabulary.unknown : nil
    self.carries = carries
  }

  /// The sums of one record.
  mutating func score(_ record: borrowing Record) throws(RecordError) -> Tally {
    if record.has("predictions") { return try scorePredictions(record) }
    guard let vocabularySize = model?.vocabularySize else {
      throw RecordError("field \"predictions\" is missing; for other records --model is needed")
    }
    if record.has("inputs") { return try scoreBatch(record, vocabularySize) }
    if record.has("ids") {
      let ids = try record.integers("ids")
      if let id = ids.first(where: { !(0..<vocabularySize ~= $0) }) {
        throw RecordError("field \"ids\" holds \(id), but the model has \(vocabularySize) entries")
      }
      return scoreText(ids)
    }
    return scoreText(characters.ids(of: try record.text(field)))
  }

  private mutating func scoreText(_ ids: [Int]) -> Tally {
    var tally = Tally()
    for start in stride(from: 0, to: ids.count, by: Self.piece) {
      let piece = ids[start..<min(start + Self.piece, ids.count)].map { Float($0) }
      let inputs = Tensor(piece, shape: [1, piece.count])
      let y = model!.logProbabilities(of: inputs, continues: start > 0 || carries && hasBegun)
      hasBegun = true
      tally += self.tally(y, targets: piece, weights: nil)
    }
    return tally
  }

  private mutating func scoreBatch(_ record: borrowing Record, _ vocabularySize: Int) throws(RecordError) -> Tally {
    let batch = try BatchRecord(record)
    guard batch.isSequence else { throw RecordError("field \"targets\" must hold a target for every id") }
    guard max(batch.largestInput, batch.largestTarget) < vocabularySize else {
      throw RecordError(
        "the batch holds the id \(max(batch.largestInput, batch.largestTarget)), but the model has \(vocabularySize) entries"
      )
    }
    let inputs = Tensor(batch.inputs, shape: [batch.rows, batch.length])
    let y = model!.logProbabilities(of: inputs, continues: batch.carries)
    return tally(y, targets: batch.targets, weights: batch.weights)
  }

  /// The sums over the rows of log probabilities; the padding id 0 is no target.
  private func tally(_ y: Tensor, targets: [Float], weights: [Float]?) -> Tally {
    var tally = Tally()
    y.withValues { y in
      let classes = y.count / max(targets.count, 1)
      for (row, target) in targets.map({ Int($0) }).enumerated() where target != Vocabulary.padding {
        let weight = Double(weights?[row] ?? 1)
        guard weight > 0 else { continue }
        tally.add(Double(y[row * classes + target]), weight: weight, isUnknown: target == unknown)
      }
    }
    return tally
  }

  /// The sums of log probabilities that somebody else has worked out, `[[…], …]` a step, and their targets; or of a batch of
  /// such rows.
  private func scorePredictions(_ record: borrowing Record) throws(RecordError) -> Tally {
    guard let predictions = try record.required("predictions").items, let targets = try record.required("targets").items
    else { throw record.wrongType("predictions", "a list of lists of log probabilities, with a list of targets") }
    guard predictions.count == targets.count else {
      throw RecordError("there are \(predictions.count) predictions, but \(targets.count) targets")
    }
    var tally = Tally()
    for (prediction, target) in zip(predictions, targets) {
      if let row = target.items {
        guard let steps = prediction.items, steps.count == row.count else {
          throw RecordError("a row of \(row.count) targets has \(prediction.items?.count ?? 0) predictions")
        }
        for (prediction, target) in zip(steps, row) { try add(prediction, target, to: &tally) }
      } else {
        try add(prediction, target, to: &tally)
      }
    }
    return tally
  }

  private func add(_ prediction: JSON, _ target: JSON, to tally: inout Tally) throws(RecordError) {
    guard let target = target.integer else { throw RecordError("field \"targets\" must hold ids") }
    guard let classes = prediction.items else {
      throw RecordError("field \"predictions\" must hold a list of log probabilities for every target")
    }
    guard 0..<classes.count ~= target else {
      throw RecordError("field \"targets\" holds \(target), but there are \(classes.count) log probabilities")
    }
    guard target != Vocabulary.padding else { return }
    guard let logProbability = classes[target].number, logProbability <= 1e-3 else {
      throw RecordError("field \"predictions\" must hold log probabilities, which are numbers of 0 or less")
    }
    tally.add(logProbability)
  }
}
