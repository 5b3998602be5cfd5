import ArgumentParser
import Batches
import Filters
import JSONLines
import ModelFilters
import Models
import Neural
import Reports

extension Predict {
  /// Adds tags and entities to the records, and gives the report if there is to be one.
  func predictTags(with tagger: Tagger) throws -> EntityReport? {
    try setMatrixThreads(1, callers: threading.threads)
    for (name, isGiven) in [("--top", top != nil), ("--explain", explain != nil)] where isGiven {
      throw Failure(
        "\(name): \(model!) tags tokens, and gives no class of a record")
    }
    let parts = ReportParts(try reporting.emptyEntityReport())
    func workers(_ tagger: Tagger) throws -> @Sendable () -> TagWorker {
      if let threshold {
        guard probability != nil else { throw Failure("--threshold \(threshold): \(model!) has one for all entities") }
        guard tagger.decoder.hasEntities, tagger.decoder.outside != nil else {
          throw Failure("--threshold: the tags of \(model!) are not such of entities, with an O")
        }
      }
      if !input.quiet, let tag = tagger.decoder.strangeTag {
        report("the tag \"\(tag)\" of \(model!) is no BIO or IOBES tag: there are no entities")
      }
      return {
        [only = fields.only.items, text, trust, tagging, probability, gold = labelOptions.labelField, reporting] in
        TagWorker(
          tagger: tagger, lines: TextLines(text), trustsTokens: trust.trustTokens, gold: gold, only: only,
          threshold: probability ?? 0,
          writesLogProbabilities: tagging.logProbabilities || only.contains("log_probabilities"),
          counts: reporting.isWanted ? parts.makePart() : nil, writesRecords: !reporting.noRecords)
      }
    }
    try run(workers(tagger), isPlain: text.plain) { contents in
      let new = try Tagger(contents, entityBias: tagging.entityBias, file: model!)
      try check(new.signature, labels: new.names, follows: tagger.signature, tagger.names)
      return try workers(new)
    }
    return reporting.isWanted ? parts.sum : nil
  }

  /// Refuses what is not obeyed where the records hold predicted tags.
  func checkRecordedTags() throws {
    guard model == nil else {
      throw ValidationError("--tags goes without --model, which knows whether it tags tokens.")
    }
    guard reporting.isWanted else { throw ValidationError("--tags goes with --report or --report-file.") }
    try refuse(
      "--tags",
      [("--labels", names.labels != nil), ("--several-labels", severalLabels), ("--field", text.givenField != nil)]
        + onPredictions)
    guard labelOptions.labelField != TagWorker.field else {
      throw ValidationError("--label-field \(TagWorker.field) is where the predicted tags are.")
    }
    _ = try reporting.emptyEntityReport()
  }

  /// Counts the tags that the records hold.
  func countTags() throws -> EntityReport {
    let gold = labelOptions.labelField ?? TagWorker.goldField
    return try count(into: reporting.emptyEntityReport()) { record throws(RecordError) in
      let tags = try record.texts(TagWorker.field).map { String(decoding: $0, as: UTF8.self) }
      return (truth: try record.tags(gold, tokens: tags.count), tags: tags)
    } adding: { report, found, _ in
      report.add(tags: found.truth, predictions: found.tags)
    }
  }
}
