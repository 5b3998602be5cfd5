import Neural

extension LineChart {
  /// The losses of training and of evaluations, in nats, over the steps of a run. Of one that diverged the chart says so.
  public init(lossesOf history: History) {
    self.init(
      "Loss over the training steps", xLabel: "step", yLabel: "loss (nats)",
      series: history.modes.map { mode in
        let points = history.get(mode: mode, metric: "loss").map { (x: Double($0.step), y: Double($0.value)) }
        return .init(mode, points, isMarked: mode != "train")
      })
    countsAlongX = true
    let ends = history.modes.compactMap { mode in
      let points = history.get(mode: mode, metric: "loss")
      return points.last.map { "\(mode): \(points[0].value) at step \(points[0].step), \($0.value) at step \($0.step)" }
    }
    description = ends.joined(separator: "; ")
    warning = history.divergence
  }
}

extension History {
  /// What there is to say of a run that diverged: a loss that is no finite number, or one of training that ended at more
  /// than twice what it began with, and a nat above. (That of an evaluation rises, too, where a model learns its examples
  /// by heart.)
  fileprivate var divergence: String? {
    let all = modes.flatMap { get(mode: $0, metric: "loss") }
    if let step = all.filter({ !$0.value.isFinite }).map(\.step).min() {
      return "The run diverged: the loss of step \(step) is no finite number."
    }
    let losses = get(mode: "train", metric: "loss")
    guard let first = losses.first?.value, let last = losses.last?.value, last > max(2 * first, first + 1) else {
      return nil
    }
    return "The run diverged: the loss rose from \(fixed(Double(first), decimals: 4)) to "
      + "\(last < 1e6 ? fixed(Double(last), decimals: 4) : "\(last)")."
  }
}
