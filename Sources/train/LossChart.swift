import Filters
import Neural
import Reports

/// The losses of training and of evaluations over the steps.
func lossChart(_ history: History) -> LineChart {
  LineChart(
    "Loss over the training steps", xLabel: "step", yLabel: "loss (nats)",
    series: history.modes.map { mode in
      let points = history.get(mode: mode, metric: "loss").map { (x: Double($0.step), y: Double($0.value)) }
      return .init(mode, points, isMarked: mode != "train")
    })
}
