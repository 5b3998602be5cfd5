import Batches
import Files
import Filters
import JSONLines
import ModelFilters
import Models
import Neural
import Reports

extension Predict {
  /// Adds predictions of one class to the records, and gives the report if there is to be one.
  func predictClasses(with classifier: Classifier) throws -> ClassificationReport? {
    if let threshold, probability == nil {
      throw Failure("--threshold \(threshold): \(model!) gives one class a record, which has one threshold")
    }
    let empty = reporting.emptyReport(labels: classifier.labels, classes: classifier.signature.classes)
    let parts = ReportParts(empty)
    var latest = classifier
    func workers(_ classifier: Classifier) throws -> @Sendable () -> PredictionWorker {
      let labels = try labelField(of: classifier)
      return { [only = fields.only.items, text, trust, top, explain, probability, reporting] in
        PredictionWorker(
          classifier: classifier, lines: TextLines(text), trustsTokens: trust.trustTokens, labels: labels, only: only,
          top: top, explain: explain, threshold: probability ?? 0, counts: reporting.isWanted ? parts.makePart() : nil,
          writesRecords: !reporting.noRecords)
      }
    }
    try run(workers(classifier), isPlain: text.plain) { contents in
      let new = try self.classifier(contents, follows: latest)
      let workers = try workers(new)
      latest = new
      return workers
    }
    guard reporting.isWanted else { return nil }
    var report = parts.sum
    if reporting.isPage { report.topTokens = try topTokens(of: latest, file: model!) }
    return report
  }

  /// The classifier that a file holds now.
  /// - Throws: An error where it does other work than the one before.
  func classifier(_ contents: Model, follows old: Classifier) throws -> Classifier {
    let new = try Classifier(contents, file: model!)
    try check(new.signature, labels: new.labels, follows: old.signature, old.labels)
    try prepare(for: new)
    return new
  }

  /// Where there is no table of what each id counts, every thread multiplies matrices.
  /// - Throws: `ThreadError` if there is no room for so many.
  func prepare(for classifier: Classifier) throws {
    if !classifier.hasTable { try setMatrixThreads(1, callers: threading.threads) }
  }

  /// Where the labels of the records are, which are the model's.
  func labelField(of classifier: Classifier) throws(FileError) -> LabelField {
    let names: LabelNames?
    do throws(RecordError) {
      names = try classifier.labels.map { names throws(RecordError) in try LabelNames(names) }
    } catch {
      throw FileError(model!, "its labels: \(error)")
    }
    return LabelField(
      labelOptions.labelField, names: names, classes: classifier.signature.classes,
      isSeveral: classifier.givesSeveralLabels, advice: "train --labels gives a model names",
      adviceOnSeveral: "the model gives one class a record (batch --several-labels makes batches for one of several)")
  }

  /// For the page: the words that matter most for each class.
  func topTokens(of classifier: Classifier, file: String) throws -> [[(token: String, nats: Double)]] {
    do throws(RecordError) {
      return try TopTokens(classifier, count: 20).classes.map { $0.map { ("\($0.name)", $0.nats) } }
    } catch {
      throw Failure("\(file): \(error)")
    }
  }
}
