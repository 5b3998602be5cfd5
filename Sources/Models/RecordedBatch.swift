import Batches
import JSONLines
import Neural

extension Batch {
  /// The tensors of a batch record: inputs `[rows, length]`, targets and weights `[rows]` or, with a target for every
  /// id, as `[rows, length]` (of two inputs, for every one of the other); where rows have several labels, targets `[rows, classes]` and weights `[rows]`; of pairs the
  /// inputs of the other side, too.
  public init(_ record: BatchRecord) {
    let shape = [record.rows, record.length]
    let weightShape = record.isSequence ? [record.rows, record.otherLength ?? record.length] : [record.rows]
    let targetShape = record.labelCount.map { [record.rows, $0] } ?? weightShape
    self.init(
      inputs: Tensor(record.inputs, shape: shape + (record.depth.map { [$0] } ?? [])),
      otherInputs: record.otherInputs.map { Tensor($0, shape: [record.rows, record.otherLength!]) },
      targets: Tensor(record.targets, shape: targetShape),
      weights: Tensor(record.weights, shape: weightShape), continues: record.carries, epoch: record.epoch)
  }
}

extension ModelSignature {
  /// Checks all that a batch holds, before it is an index of anything.
  /// - Parameter rowsBefore: The rows of the batch before, which this one may continue.
  /// - Throws: `RecordError` naming the field, unless ids and classes are the model's, there is a target wherever the
  ///   model gives classes, and the batch fits into a pass.
  public func check(_ batch: BatchRecord, rowsBefore: Int) throws(RecordError) {
    guard (batch.depth != nil) == takesSteps else {
      throw RecordError(
        takesSteps
          ? "field \"inputs\" holds one id a token, but the model takes several (vocab-build --word-features)"
          : "field \"inputs\" holds several ids a token, but the model takes one")
    }
    try checkSides(batch)
    try checkTargets(batch)
    try check(
      ids: [batch.largestInput], of: batch.otherInputs == nil ? "inputs" : "inputs\" or \"other_inputs",
      advice: "--vocab must be the file that the ids were made with; ids of --ngrams need --tokenizer")
    if let other = batch.largestOther, !(0..<otherIDs ~= other) {
      throw RecordError("field \"other_inputs\" holds \(other), but the model has \(otherIDs) entries for words")
    }
    if batch.labelCount == nil { try check(class: batch.largestTarget, of: "targets") }
    try check(count: max(batch.inputs.count, batch.otherInputs?.count ?? 0))
    guard !batch.carries || batch.rows == rowsBefore else {
      throw RecordError("\"carry\": the \(batch.rows) rows continue a batch of \(rowsBefore)")
    }
  }

  /// What makes batches with a class for every id.
  private var sequenceAdvice: String {
    switch kind {
    case .tagger: "tensorize --tags"
    case .wordVectors: "batch --skip-gram"
    default: "batch --language-model"
    }
  }

  /// - Throws: `RecordError` unless there are two texts a row where the model takes pairs, and one where it does not.
  private func checkSides(_ batch: BatchRecord) throws(RecordError) {
    guard (batch.otherInputs != nil) != takesTwoInputs else { return }
    throw RecordError(
      kind == .wordVectors
        ? "field \"other_inputs\" is missing: the model takes words and those near them (batch --skip-gram)"
        : isOfPairs
          ? "field \"other_inputs\" is missing: the model takes pairs (batch --pair A,B)"
          : "field \"other_inputs\" is there, but the model takes single texts: Siamese[…] takes pairs")
  }

  /// - Throws: `RecordError` unless the targets are of the model's kind.
  private func checkTargets(_ batch: BatchRecord) throws(RecordError) {
    if let count = batch.labelCount {
      guard targetKind == .labels else {
        let advice =
          isSequence
          ? "classes at every step (\(sequenceAdvice))"
          : "one class: it must end in LogSigmoid (train --preset classifier --loss binary-cross-entropy)"
        throw RecordError("field \"label_targets\" holds several labels a row, but the model gives \(advice)")
      }
      guard count == classes else {
        throw RecordError("field \"label_targets\" has rows of \(count) classes, but the model has \(classes)")
      }
      return
    }
    if targetKind == .duplicates {
      guard !batch.isSequence, batch.targets.allSatisfy({ $0 == 1 }) else {
        throw RecordError(
          "field \"targets\" must be 1 for every row, a pair of duplicates, for a triplet loss (batch --triplets)")
      }
      return
    }
    guard targetKind == .classes else {
      throw RecordError(
        "field \"label_targets\" is missing: the model gives several labels a record, the batch one class a row (batch --several-labels)"
      )
    }
    guard batch.isSequence == isSequence else {
      throw RecordError(
        isSequence
          ? "field \"targets\" holds a class for each row, but the model gives classes at every step (\(sequenceAdvice))"
          : "field \"targets\" holds a class for every id, but the model gives classes for each row")
    }
  }
}
