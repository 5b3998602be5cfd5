import Files
import Filters
import Models
import Neural
import Text

/// The first step of a run, for somebody who wants to know what the run would be and need.
public enum DryRun {
  /// Makes a step with the first batch of a task and says what the batch is, what time and memory the step takes, how
  /// large a table with rows of hashed runs is, and the file of the model, in a line each.
  /// - Throws: `Failure` when there is no batch or its loss is not finite, and what the batches throw.
  public static func text(of model: Model, _ task: TrainTask) throws -> String {
    guard let batch = try task.next() else { throw Failure("there is no batch") }
    var trainer = Trainer(
      model.layers, optimizer: task.optimizer, schedule: task.schedule, clipNorm: task.clipNorm, fixedID: task.fixedID,
      tableRate: task.tableRate, loss: task.loss, metrics: task.metrics,
      lanes: task.lanes)
    let start = Progress.seconds()
    let loss = trainer.train(on: batch).loss
    guard loss.isFinite else { throw Failure("the loss of the first batch is not finite") }
    let seconds = Progress.seconds() - start
    let slots = trainer.slots.joined().reduce(0) { $0 + $1.count }
    return """
      first batch: inputs \(batch.tensors.map { "\($0.shape)" }.joined(separator: " and ")), targets \(batch.targets.shape), loss \(fourDigits(Double(loss)))
      a step: \(Int((seconds * 1000).rounded())) ms, the first one
      memory: weights \(megabytes(model.layers.weightCount)), slots \(megabytes(slots)), in all \(peakMemory() ?? "unknown")
      \(tableOfRuns(of: model))model file: \(fileSize(model.largestByteCount)) at most, \(model.precision.rawValue) precision
      """
  }

  /// A line on the first table of ids, where some of its rows are those of hashed runs; else nothing.
  private static func tableOfRuns(of model: Model) -> String {
    guard let words = model.vocabulary?.count, let runs = try? TokenizerOptions(model.tokenizer).ngrams?.count,
      let table = model.layers.weights.first(where: { $0.value.shape.first == words + runs })?.value
    else { return "" }
    return
      "table: \(table.rows) rows of \(table.depth) numbers, \(words) of the vocabulary and \(runs) of hashed runs, "
      + "\(megabytes(table.count))\n"
  }
}

private func megabytes(_ floats: Int) -> String { "\((Double(floats) * 4 / 1e5).rounded() / 10) MB" }

/// The most memory that the process has held.
private func peakMemory() -> String? {
  guard let bytes = try? WholeFile.read("/proc/self/status") else { return nil }
  let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  guard
    let kilobytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Double($0) })
  else { return nil }
  return "\((kilobytes / 100).rounded() / 10) MB"
}
