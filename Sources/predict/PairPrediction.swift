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
    let filter = LineFilter(input, self.filter, blankLines: blankLines.fate(isPlain: text.plain, areTexts: true))
    guard let nearest = pairs.nearest, let file = pairs.among else {
      return try filter.run(threads: threading.threads) { [text, trust, only = fields.only.items] in
        VectorWorker(TextVectors(model, TextLines(text), trustsTokens: trust.trustTokens), only: only)
      }
    }
    guard file != "-" || !input.files.isEmpty && !input.files.contains("-") else {
      throw Failure("--among: standard input can't be read twice")
    }
    let among = try AmongFile(
      file, input, onError: self.filter.onError, keepsBlankLines: text.plain, threads: threading.threads,
      depth: model.depth
    ) { [text, trust] in TextVectors(model, TextLines(text), trustsTokens: trust.trustTokens) }
    try filter.run(threads: threading.threads) { [text, trust, only = fields.only.items] in
      NearestWorker(
        TextVectors(model, TextLines(text), trustsTokens: trust.trustTokens), among, most: nearest, only: only)
    }
  }

  /// Compares the two texts of each record.
  private func compare(_ model: PairModel, _ name: String) throws -> PairReport? {
    guard !text.plain, text.givenField == nil else {
      throw Failure("--plain and --field: \(name) takes two texts of a record, in the fields of --pair")
    }
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
    let threshold = probability ?? model.threshold
    let parts = ReportParts(try reporting.configured(PairReport(labels: model.labels, threshold: threshold)))
    try LineFilter(input, filter, blankLines: blankLines.fate(isPlain: false)).run(threads: threading.threads) {
      [only = fields.only.items, trust, reporting] in
      PairWorker(
        model: model, input: PairInput(model.input, pair, trustsTokens: trust.trustTokens), threshold: threshold,
        labels: labels, only: only, counts: reporting.isWanted ? parts.makePart() : nil,
        writesRecords: !reporting.noRecords)
    }
    return reporting.isWanted ? parts.sum : nil
  }
}
