import Filters
import Models

/// SIGHUP makes `predict` read its model again.
extension Predict {
  /// Runs the lines of the input through workers, those of the model in its file when SIGHUP comes.
  /// - Parameters:
  ///   - isPlain: Whether lines are texts.
  ///   - again: Makes workers of what is in the file then, or throws: then those of before go on.
  func run<Worker: LineWorker & SendableMetatype>(
    _ workers: @escaping @Sendable () -> Worker, isPlain: Bool,
    again: @escaping (Model) throws -> @Sendable () -> Worker
  ) throws {
    try LineFilter(input, filter, blankLines: blankLines.fate(isPlain: isPlain, areTexts: true)).run(
      threads: threading.threads,
      renewed: {
        do {
          let workers = try again(try Model(contentsOf: model!))
          if !input.quiet { report("\(model!) was read again") }
          return workers
        } catch {
          report("\(error): going on with the model that was there before")
          return nil
        }
      }, workers)
  }

  /// - Throws: `Failure` where a model that was read again does other work than the one before, or a report that counts
  ///   the classes of that one is wanted.
  func check(_ new: ModelSignature, labels: [String]?, follows old: ModelSignature, _ oldLabels: [String]?) throws {
    guard new.kind == old.kind else { throw Failure("\(model!) is a model of another kind now") }
    guard !reporting.isWanted || new.classes == old.classes && labels == oldLabels else {
      throw Failure("\(model!) has other classes than those that the report counts")
    }
  }
}
