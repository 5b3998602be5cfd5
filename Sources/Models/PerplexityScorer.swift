import Batches
import JSONLines
import Neural
import Text

/// Finds the log probabilities of a record's targets.
public struct PerplexityScorer {
  private var model: LanguageModel?
  /// How a text becomes ids; nil where it is not known.
  private var encoder: TextEncoder?
  private let field: String
  /// The id that stands for everything unknown, if the model has one.
  private let unknown: Int?
  /// Whether every text goes on where the last one ended.
  private let carries: Bool
  /// Whether the log probability of every target is kept.
  private let keepsTokens: Bool
  /// The rows of the batch before, or of the text, which the next one may continue; 0 at the beginning.
  private var rowsBefore = 0

  /// The steps that go through the model at once; longer texts go in pieces that continue each other.
  private let piece: Int

  /// What is found for a record.
  public struct Score {
    /// The sums over its targets.
    public internal(set) var sums = PerplexitySums()
    /// The log probabilities of its targets, if they are kept.
    public internal(set) var tokenLogProbabilities = TokenLogProbabilities()
  }

  /// A scorer of texts for a model, or without one of predictions.
  /// - Parameters:
  ///   - encoder: How a text becomes ids; nil where it is not known.
  ///   - field: The field of records that holds the text.
  ///   - hasVocabulary: Whether one of the model's ids stands for everything unknown.
  ///   - carries: Whether every text goes on where the last one ended.
  ///   - keepsTokens: Whether the log probability of every target is kept.
  public init(
    model: LanguageModel?, encoder: TextEncoder?, field: String, hasVocabulary: Bool, carries: Bool,
    keepsTokens: Bool = false
  ) {
    self.model = model
    self.encoder = encoder
    self.field = field
    unknown = hasVocabulary ? Vocabulary.unknown : nil
    self.carries = carries
    self.keepsTokens = keepsTokens
    piece = min(256, model?.signature.idsAtOnce ?? 256)
  }

  /// What is found for one record.
  public mutating func score(_ record: borrowing Record) throws(RecordError) -> Score {
    guard let signature = model?.signature else {
      if record.has("predictions") { return try scorePredictions(record) }
      throw RecordError("field \"predictions\" is missing; for other records --model is needed")
    }
    guard !record.has("predictions") else {
      throw RecordError("the record has \"predictions\", which are scored without --model")
    }
    if record.has("inputs") { return try scoreBatch(record, signature) }
    let ids = try ids(of: record, signature)
    return try carries ? scoreOn(ids) : scores(of: [ids])[0].get()
  }

  private mutating func ids(
    of record: borrowing Record, _ signature: ModelSignature
  ) throws(RecordError) -> [Int] {
    if record.has("ids") {
      let ids = try record.integers("ids")
      try signature.check(ids: ids, of: "ids")
      return ids
    }
    let text = try record.text(field)
    guard encoder != nil else {
      throw RecordError("the model's \(signature.ids) ids are not those of characters, so it can score \"ids\" only")
    }
    guard let ids = encoder!.ids(of: text) else {
      throw RecordError("the subwords lack a character that is in their own alphabet")
    }
    return ids
  }

  /// The ids of a record that `scores(of:)` may score beside others; nil for records with which something is wrong, for
  /// batches, and where texts go on from one another.
  public mutating func ids(of record: borrowing Record) -> [Int]? {
    guard let signature = model?.signature, !carries, !record.has("predictions"), !record.has("inputs") else {
      return nil
    }
    return try? ids(of: record, signature)
  }

  /// What is found for texts: to the bit what is found for each alone, if products are rounded row by row. Batches before
  /// and behind them do not notice.
  public func scores(of texts: [[Int]]) -> [Result<Score, RecordError>] {
    guard let model else { return [] }
    return zip(texts, SharedPrefixes.logProbabilities(of: texts, model)).map { ids, logProbabilities in
      Result { () throws(RecordError) in
        var score = Score()
        try add(zip(ids, logProbabilities), to: &score)
        return score
      }
    }
  }

  /// What is found for a text that goes on where the last one ended.
  private mutating func scoreOn(_ ids: [Int]) throws(RecordError) -> Score {
    var score = Score()
    for start in stride(from: 0, to: ids.count, by: piece) {
      let piece = ids[start..<min(start + piece, ids.count)]
      let inputs = Tensor(piece.map { Float($0) }, shape: [1, piece.count])
      let y = model!.logProbabilities(of: inputs, continues: rowsBefore > 0)
      rowsBefore = 1
      try add(piece.enumerated().map { ($1, y.value(row: $0, column: $1) ?? .nan) }, to: &score)
    }
    return score
  }

  /// Adds ids of a text with their log probabilities.
  private func add(
    _ ids: some Sequence<(Int, Float)>, to score: inout Score
  ) throws(RecordError) {
    for (id, logProbability) in ids {
      let logProbability = try checked(id, logProbability)
      if let logProbability { score.sums.add(logProbability, isUnknown: id == unknown) }
      if keepsTokens { score.tokenLogProbabilities.append(logProbability) }
    }
  }

  /// The log probability of a target; nil for the padding id 0, which is none.
  private func checked(_ target: Int, _ logProbability: Float) throws(RecordError) -> Double? {
    guard target != Vocabulary.padding else { return nil }
    guard logProbability.isFinite else { throw RecordError("the model's outputs are no finite numbers") }
    return Double(logProbability)
  }

  private mutating func scoreBatch(
    _ record: borrowing Record, _ signature: ModelSignature
  ) throws(RecordError) -> Score {
    guard !carries else {
      throw RecordError("a batch says itself whether it goes on, by \"carry\", so --carry is none of its")
    }
    let batch = try BatchRecord(record)
    try signature.check(batch, rowsBefore: rowsBefore)
    rowsBefore = batch.rows
    let y = model!.logProbabilities(of: Batch(batch).inputs, continues: batch.carries)
    var score = Score()
    for row in 0..<batch.rows {
      var logProbabilities: [Double?] = []
      for index in row * batch.length..<(row + 1) * batch.length {
        let (target, weight) = (Int(batch.targets[index]), Double(batch.weights[index]))
        let logProbability =
          weight > 0 ? try checked(target, y.value(row: index, column: target) ?? .nan) : nil
        if let logProbability { score.sums.add(logProbability, weight: weight, isUnknown: target == unknown) }
        logProbabilities.append(logProbability)
      }
      if keepsTokens { score.tokenLogProbabilities.append(row: logProbabilities) }
    }
    return score
  }

  /// The sums of log probabilities that another program has worked out, `[[…], …]` a step, and their targets; or of a
  /// batch of such rows.
  private func scorePredictions(_ record: borrowing Record) throws(RecordError) -> Score {
    guard let predictions = try record.required("predictions").items, let targets = try record.required("targets").items
    else { throw record.wrongType("predictions", "a list of lists of log probabilities, with a list of targets") }
    guard predictions.count == targets.count else {
      throw RecordError("there are \(predictions.count) predictions, but \(targets.count) targets")
    }
    var score = Score()
    for (prediction, target) in zip(predictions, targets) {
      if let row = target.items {
        guard let steps = prediction.items, steps.count == row.count else {
          throw RecordError("a row of \(row.count) targets has \(prediction.items?.count ?? 0) predictions")
        }
        var logProbabilities: [Double?] = []
        for (prediction, target) in zip(steps, row) {
          logProbabilities.append(try logProbability(prediction, target))
        }
        for case let logProbability? in logProbabilities { score.sums.add(logProbability) }
        if keepsTokens { score.tokenLogProbabilities.append(row: logProbabilities) }
      } else {
        let logProbability = try logProbability(prediction, target)
        if let logProbability { score.sums.add(logProbability) }
        if keepsTokens { score.tokenLogProbabilities.append(logProbability) }
      }
    }
    return score
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
