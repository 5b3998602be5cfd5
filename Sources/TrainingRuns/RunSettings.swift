import Models
import Neural
import Text

/// What a run depends on beside its batches, by the options that people know it under. A run goes on with the same
/// only.
public struct RunSettings {
  private var values: [String: String]
  private let initFrom: String?

  /// What a run depends on.
  /// - Parameters:
  ///   - learning: How it learns: values by option.
  ///   - seed: The seed of all its random numbers.
  ///   - model: The model with its first weights.
  ///   - metrics: The metrics beside the loss.
  ///   - best: What decides which evaluation is the best, if the model is to be that one.
  ///   - evals: The names of the eval tasks and digests of their batches.
  ///   - threshold: What the threshold of a model of pairs is chosen on.
  ///   - precision: How the model file keeps its numbers.
  ///   - initFrom: The file that the first weights come from.
  public init(
    learning: [String: String], seed: UInt64, model: Model, metrics: [any Metric], best: String? = nil,
    evals: [(name: String, digest: UInt64)] = [], initFrom: String? = nil, threshold: ThresholdTask? = nil,
    precision: FilePrecision = .single
  ) {
    values = learning
    values["--seed"] = "\(seed)"
    values["--layers"] = model.layers.expression
    values["--vocab"] = model.vocabulary.map { "of \($0.count) entries, digest \(digest(of: $0))" } ?? "none"
    values["--labels"] = model.labels?.joined(separator: ",") ?? "none"
    values["--tokenizer"] = model.tokenizer ?? "none"
    values["--metrics"] = metrics.map(\.key).joined(separator: ",")
    values["--best"] = best ?? "none"
    let list = evals.map { "\($0.name), digest \(String($0.digest, radix: 16))" }
    values["--eval"] = list.isEmpty ? "none" : list.joined(separator: ", ")
    values["--pair"] = model.pair?.joined(separator: ",") ?? "none"
    values["--threshold-on"] = threshold.map { "digest \(String($0.digest, radix: 16))" } ?? "none"
    // The best model so far is in its file already; else a run may end in another precision than it was to.
    if best != nil { values["--precision"] = precision.rawValue }
    self.initFrom = initFrom
  }

  /// The settings for a checkpoint, with what else it is to remember.
  public func noting(_ more: [String: String]) -> [String: String] {
    values.merging(["--init-from": initFrom ?? "none"]) { $1 }.merging(more) { $1 }
  }

  /// What differs from the settings of a checkpoint, for a message; nil when nothing does. The weights of `--init-from`
  /// were taken when the run began, so that it need not be named again.
  public func difference(from there: [String: String]) -> String? {
    var here = values
    here["--init-from"] = initFrom
    let differing = here.keys.sorted().filter { there[$0] ?? here[$0] != here[$0] }
    guard !differing.isEmpty else { return nil }
    return differing.map { "\($0) was \(there[$0]!), now it is \(here[$0]!)" }.joined(separator: "; ")
  }
}

private func digest(of tokens: [String]) -> String {
  var hash = FNV1a()
  hash.combine(tokens)
  return String(hash.value, radix: 16)
}
