import ArgumentParser
import Batches
import Files
import Filters
import JSONLines
import ModelFilters
import Models
import Neural
import Reports

/// What `predict` does with a model of pairs.
extension Predict {
  /// Adds to records what the model says of pairs, or of single texts; gives the report if there is to be one.
  func predictPairs(_ model: PairModel) throws -> PairReport? {
    try setMatrixThreads(1, callers: threading.threads)
    let name = self.model!
    for (option, isGiven) in [
      ("--top", top != nil), ("--explain", explain != nil), ("--log-probabilities", tagging.logProbabilities),
    ] where isGiven {
      throw Failure("\(option): \(name) is a model of pairs, which has one answer, yes or no")
    }
    if pairs.isOfSingleTexts {
      try addToTexts(model)
      return nil
    }
    return try compare(model, name)
  }

  /// Adds vectors, or the nearest of other records, to records of single texts.
  private func addToTexts(_ model: PairModel) throws {
    for (option, isGiven) in [
      ("--threshold", threshold != nil), ("--report", reporting.report), ("--report-file", reporting.reportFile != nil),
    ] where isGiven {
      throw Failure("\(option) does not go with --vectors and --nearest: single texts are no duplicates")
    }
    guard let nearest = pairs.nearest, let file = pairs.among else {
      func workers(_ model: PairModel) -> @Sendable () -> VectorWorker {
        { [text, trust, only = fields.only.items] in
          VectorWorker(TextVectors(model, TextLines(text), trustsTokens: trust.trustTokens), only: only)
        }
      }
      return try run(workers(model), isPlain: text.plain) { contents in
        let new = try PairModel(contents, file: self.model!)
        try check(new.signature, labels: nil, follows: model.signature, nil)
        return workers(new)
      }
    }
    guard file != "-" || !input.files.isEmpty && !input.files.contains("-") else {
      throw Failure("--among: standard input can't be read twice")
    }
    let among = try AmongFile(
      file, input, onError: filter.onError, keepsBlankLines: text.plain, threads: threading.threads,
      depth: model.depth
    ) { [text, trust] in TextVectors(model, TextLines(text), trustsTokens: trust.trustTokens) }
    try LineFilter(input, filter, blankLines: blankLines.fate(isPlain: text.plain, areTexts: true)).run(
      threads: threading.threads
    ) { [text, trust, only = fields.only.items] in
      NearestWorker(
        TextVectors(model, TextLines(text), trustsTokens: trust.trustTokens), among, most: nearest, only: only)
    }
  }

  /// Compares the two texts of each record.
  private func compare(_ model: PairModel, _ name: String) throws -> PairReport? {
    guard !text.plain, text.givenField == nil else {
      throw Failure(
        "\(text.plain ? "--plain" : "--field"): \(name) takes two texts of a record, in the fields of --pair "
          + "(of single texts: --vectors, or --nearest N --among FILE)")
    }
    let parts = ReportParts(
      try reporting.configured(PairReport(labels: model.labels, threshold: probability ?? model.threshold)))
    func workers(_ model: PairModel) throws -> @Sendable () -> PairWorker {
      guard let names = pairs.pair?.items ?? model.fields else {
        throw Failure("--pair is needed: \(name) does not know the two fields of a record (train --pair a,b)")
      }
      guard threshold == nil || probability != nil else {
        throw Failure("--threshold \(threshold!): a model of pairs has one threshold")
      }
      let pair: PairFields
      let labels: LabelField
      do throws(RecordError) {
        pair = try PairFields(names)
        labels = LabelField(
          labelOptions.labelField, names: try model.labels.map { names throws(RecordError) in try LabelNames(names) },
          classes: 2, advice: "train --labels gives a model names")
      } catch {
        throw FileError(name, "\(error)")
      }
      return { [only = fields.only.items, trust, reporting, threshold = probability ?? model.threshold] in
        PairWorker(
          model: model, input: PairInput(model.input, pair, trustsTokens: trust.trustTokens), threshold: threshold,
          labels: labels, only: only, counts: reporting.isWanted ? parts.makePart() : nil,
          writesRecords: !reporting.noRecords)
      }
    }
    try run(workers(model), isPlain: false) { contents in
      let new = try PairModel(contents, file: name)
      try check(new.signature, labels: new.labels, follows: model.signature, model.labels)
      guard !reporting.isWanted || probability != nil || new.threshold == model.threshold else {
        throw Failure("\(name) has another threshold than the one that the report counts with")
      }
      return try workers(new)
    }
    return reporting.isWanted ? parts.sum : nil
  }
}
