import Batches
import JSONLines
import Neural
import Text

/// Finds the log probabilities of a record's targets.
public struct PerplexityScorer {
  private var model: LanguageModel?
  /// How a text becomes ids; nil where the model's ids are none of characters.
  private let characters: CharacterEncoding?
  private let field: String
  /// The id that stands for everything unknown, if the model has one.
  private let unknown: Int?
  /// Whether every text goes on where the last one ended.
  private let carries: Bool
  /// Whether the log probability of every target is kept.
  private let keepsTokens: Bool
  /// The log probabilities of the targets of the last record, if they are kept.
  public private(set) var tokenLogProbabilities = TokenLogProbabilities()
  /// The rows of the batch before, which the next one may continue; 0 at the beginning.
  private var rowsBefore = 0

  /// The steps that go through the model at once; longer texts go in pieces that continue each other.
  private let piece: Int

  /// A scorer of texts for a model, or without one of predictions.
  /// - Parameters:
  ///   - characters: How a text becomes ids; nil where the model's ids are none of characters.
  ///   - field: The field of records that holds the text.
  ///   - hasVocabulary: Whether one of the model's ids stands for everything unknown.
  ///   - carries: Whether every text goes on where the last one ended.
  ///   - keepsTokens: Whether the log probability of every target is kept.
  public init(
    model: LanguageModel?, characters: CharacterEncoding?, field: String, hasVocabulary: Bool, carries: Bool,
    keepsTokens: Bool = false
  ) {
    self.model = model
    self.characters = characters
    self.field = field
    unknown = hasVocabulary ? Vocabulary.unknown : nil
    self.carries = carries
    self.keepsTokens = keepsTokens
    piece = min(256, model?.signature.idsAtOnce ?? 256)
  }

  /// The sums of one record.
  public mutating func score(_ record: borrowing Record) throws(RecordError) -> PerplexitySums {
    tokenLogProbabilities = TokenLogProbabilities()
    guard let signature = model?.signature else {
      if record.has("predictions") { return try scorePredictions(record) }
      throw RecordError("field \"predictions\" is missing; for other records --model is needed")
    }
    guard !record.has("predictions") else {
      throw RecordError("the record has \"predictions\", which are scored without --model")
    }
    if record.has("inputs") { return try scoreBatch(record, signature) }
    if record.has("ids") {
      let ids = try record.integers("ids")
      try signature.check(ids: ids, of: "ids")
      return try scoreText(ids)
    }
    let text = try record.text(field)
    guard let characters else {
      throw RecordError("the model's \(signature.ids) ids are not those of characters, so it can score \"ids\" only")
    }
    return try scoreText(characters.ids(of: text))
  }

  private mutating func scoreText(_ ids: [Int]) throws(RecordError) -> PerplexitySums {
    var sums = PerplexitySums()
    for start in stride(from: 0, to: ids.count, by: piece) {
      let piece = ids[start..<min(start + piece, ids.count)].map { Float($0) }
      let inputs = Tensor(piece, shape: [1, piece.count])
      let y = model!.logProbabilities(of: inputs, continues: start > 0 || carries && rowsBefore > 0)
      rowsBefore = 1
      let logProbabilities = try logProbabilities(y, targets: piece, weights: nil)
      sums += PerplexitySums(logProbabilities, targets: piece, weights: nil, unknown: unknown)
      if keepsTokens { for each in logProbabilities { tokenLogProbabilities.append(each) } }
    }
    return sums
  }

  private mutating func scoreBatch(
    _ record: borrowing Record, _ signature: ModelSignature
  ) throws(RecordError) -> PerplexitySums {
    guard !carries else {
      throw RecordError("a batch says itself whether it goes on, by \"carry\", so --carry is none of its")
    }
    let batch = try BatchRecord(record)
    try signature.check(batch, rowsBefore: rowsBefore)
    rowsBefore = batch.rows
    let y = model!.logProbabilities(of: Batch(batch).inputs, continues: batch.carries)
    let logProbabilities = try logProbabilities(y, targets: batch.targets, weights: batch.weights)
    if keepsTokens {
      for row in 0..<batch.rows {
        tokenLogProbabilities.append(row: Array(logProbabilities[row * batch.length..<(row + 1) * batch.length]))
      }
    }
    return PerplexitySums(logProbabilities, targets: batch.targets, weights: batch.weights, unknown: unknown)
  }

  /// The log probability of each target; nil for the padding id 0 and what has no weight, which are no targets.
  private func logProbabilities(
    _ y: Tensor, targets: [Float], weights: [Float]?
  ) throws(RecordError) -> [Double?] {
    var logProbabilities: [Double?] = []
    logProbabilities.reserveCapacity(targets.count)
    for (row, target) in targets.map({ Int($0) }).enumerated() {
      guard target != Vocabulary.padding, weights?[row] ?? 1 > 0 else {
        logProbabilities.append(nil)
        continue
      }
      guard let logProbability = y.value(row: row, column: target), logProbability.isFinite else {
        throw RecordError("the model's outputs are no finite numbers")
      }
      logProbabilities.append(Double(logProbability))
    }
    return logProbabilities
  }

  /// The sums of log probabilities that another program has worked out, `[[…], …]` a step, and their targets; or of a
  /// batch of such rows.
  private mutating func scorePredictions(_ record: borrowing Record) throws(RecordError) -> PerplexitySums {
    guard let predictions = try record.required("predictions").items, let targets = try record.required("targets").items
    else { throw record.wrongType("predictions", "a list of lists of log probabilities, with a list of targets") }
    guard predictions.count == targets.count else {
      throw RecordError("there are \(predictions.count) predictions, but \(targets.count) targets")
    }
    var sums = PerplexitySums()
    for (prediction, target) in zip(predictions, targets) {
      if let row = target.items {
        guard let steps = prediction.items, steps.count == row.count else {
          throw RecordError("a row of \(row.count) targets has \(prediction.items?.count ?? 0) predictions")
        }
        var logProbabilities: [Double?] = []
        for (prediction, target) in zip(steps, row) {
          logProbabilities.append(try logProbability(prediction, target))
        }
        for case let logProbability? in logProbabilities { sums.add(logProbability) }
        if keepsTokens { tokenLogProbabilities.append(row: logProbabilities) }
      } else {
        let logProbability = try logProbability(prediction, target)
        if let logProbability { sums.add(logProbability) }
        if keepsTokens { tokenLogProbabilities.append(logProbability) }
      }
    }
    return sums
  }

  /// The log probability of a target; nil for the padding id 0, which is none.
  private func logProbability(_ prediction: JSON, _ target: JSON) throws(RecordError) -> Double? {
    guard let target = target.integer else { throw RecordError("field \"targets\" must hold ids") }
    guard let classes = prediction.items else {
      throw RecordError("field \"predictions\" must hold a list of log probabilities for every target")
    }
    guard 0..<classes.count ~= target else {
      throw RecordError("field \"targets\" holds \(target), but there are \(classes.count) log probabilities")
    }
    guard target != Vocabulary.padding else { return nil }
    guard let logProbability = classes[target].number, logProbability <= 1e-3 else {
      throw RecordError("field \"predictions\" must hold log probabilities, which are numbers of 0 or less")
    }
    return logProbability
  }
}

extension PerplexitySums {
  /// The sums of targets, by their weights; what has no log probability is none.
  fileprivate init(_ logProbabilities: [Double?], targets: [Float], weights: [Float]?, unknown: Int?) {
    self.init()
    for (index, logProbability) in logProbabilities.enumerated() {
      guard let logProbability else { continue }
      let weight = Double(weights?[index] ?? 1)
      add(logProbability, weight: weight, isUnknown: Int(targets[index]) == unknown)
    }
  }
}
