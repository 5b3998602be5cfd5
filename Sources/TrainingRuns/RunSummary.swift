import Neural

/// The line with which a run ends: how far it came, the loss in the end, the best evaluation, and the file.
package enum RunSummary {
  /// The line for a run that has made steps.
  package static func text(of loop: borrowing Loop, file: String, keepsBest: Bool) -> String {
    func count(_ number: Int, _ unit: String) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }
    var parts = [count(loop.trainer.step, "step")]
    if let epoch = loop.epoch, epoch > 0 { parts[0] += " and \(count(epoch, "epoch"))" }
    if let loss = loop.history.get(mode: "train", metric: "loss").last {
      parts[0] += ", loss \(fourDigits(Double(loss.value)))"
    }
    if let best = loop.best, let task = loop.evalTasks.first {
      let value = fourDigits(Double(best.value))
      parts.append("best \(task.name) \(loop.criterion.metric) \(value) at step \(best.step)")
    }
    parts.append(keepsBest ? "\(file) holds the best" : "\(file) is written")
    return parts.joined(separator: "; ")
  }
}
