import Neural

extension LineChart {
  /// The losses of training and of evaluations, in nats, over the steps of a run.
  public init(lossesOf history: History) {
    self.init(
      "Loss over the training steps", xLabel: "step", yLabel: "loss (nats)",
      series: history.modes.map { mode in
        let points = history.get(mode: mode, metric: "loss").map { (x: Double($0.step), y: Double($0.value)) }
        return .init(mode, points, isMarked: mode != "train")
      })
  }
}
