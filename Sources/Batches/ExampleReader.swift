import JSONLines

/// Makes an example of one record after the other, and refuses those that do not go with the records before.
struct ExampleReader {
  private let options: BatchPipeline.Options
  private let classWeights: [Float]
  private let weightField: String?
  /// Whether the records have a class for every id, as the first one says; nil before it.
  private(set) var hasTags: Bool?
  /// Whether the tokens of the records have several ids; nil before the first token.
  private var hasSteps: Bool?
  /// From which class to which the labels of the records went so far.
  private(set) var classes: ClosedRange<Int>?

  /// - Parameters:
  ///   - classWeights: The factor of an example's weight by its class; none for 1.
  ///   - weightField: The field of a record that says how much it counts; without one, `weight` where it is there.
  init(options: BatchPipeline.Options, classWeights: [Float], weightField: String?) {
    self.options = options
    self.classWeights = classWeights
    self.weightField = weightField
  }

  /// The example of a record, which counts as the options say.
  /// - Throws: `RecordError` for what is no example, or none as those before.
  mutating func example(of record: borrowing Record) throws(RecordError) -> Example {
    let hasTags = if let known = self.hasTags { known } else { try isTagged(record) }
    var example = try Example(
      record, labels: options.isLanguageModel || hasTags ? nil : options.labels, weightField: weightField,
      pair: options.pair)
    if hasTags { try example.takeTags(of: record, classes: options.labels.classCount) } else { try weigh(&example) }
    try checkSteps(of: example)
    if let tag = example.tagIDs.max(), !classWeights.isEmpty { try checkWeight(of: tag) }
    self.hasTags = hasTags
    return example
  }

  /// - Throws: `RecordError` where steps have several ids, and those of other records do not, or no step has a class.
  private mutating func checkSteps(of example: Example) throws(RecordError) {
    guard !example.ids.isEmpty else { return }
    let hasSteps = !example.steps.isEmpty
    guard !hasSteps || !example.tagIDs.isEmpty else {
      throw RecordError("field \"ids\" holds several ids a token, which go with \"\(Example.tagField)\" only")
    }
    guard hasSteps == self.hasSteps ?? hasSteps else {
      throw RecordError("field \"ids\" holds \(hasSteps ? "several ids" : "one id") a token, unlike the records before")
    }
    self.hasSteps = hasSteps
  }

  /// Whether the first record has a class for every id.
  /// - Throws: `RecordError` where it has, but something is to be done that needs a class of the whole record.
  private func isTagged(_ record: borrowing Record) throws(RecordError) -> Bool {
    guard options.takesTags, record.has(Example.tagField) else { return false }
    guard !options.isBalanced else {
      throw RecordError(
        "--balance shares a batch among classes of records, but \"\(Example.tagField)\" holds classes of tokens "
          + "(--label-field says where a class of the record is)")
    }
    guard !options.weighsClassesEqually else {
      throw RecordError(
        "--class-weights balanced is for a class a record, but \"\(Example.tagField)\" holds those of tokens")
    }
    return true
  }

  /// Notes the label of an example, and lets it count as the options say.
  private mutating func weigh(_ example: inout Example) throws(RecordError) {
    if !options.isLanguageModel, !options.labels.isSeveral { note(example.label) }
    if !options.isLanguageModel, example.label == options.maskedID { example.weight = 0 }
    guard !classWeights.isEmpty else { return }
    try checkWeight(of: example.label)
    example.weight *= classWeights[example.label]
  }

  private func checkWeight(of label: Int) throws(RecordError) {
    guard label < classWeights.count else { throw RecordError("--class-weights has no weight for label \(label)") }
  }

  private mutating func note(_ label: Int) {
    let before = classes ?? label...label
    classes = min(before.lowerBound, label)...max(before.upperBound, label)
  }
}
