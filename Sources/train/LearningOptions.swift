import ArgumentParser
import Neural

/// How the model learns.
struct LearningOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The optimizer.", valueName: "expression"))
  var optimizer = "Adam(0.01)"

  @Option(
    help: ArgumentHelp("The learning rate of every step; without it the optimizer's own.", valueName: "expression"))
  var schedule: String?

  @Option(help: ArgumentHelp("Scale all gradients together down to this norm if they are larger.", valueName: "norm"))
  var clip: Float?

  @Option(
    help: ArgumentHelp("Share out so much of every target's probability among all classes.", valueName: "share"))
  var labelSmoothing: Float = 0

  func validate() throws {
    do { _ = try OptimizerExpression.optimizer(optimizer) } catch { throw ValidationError("--optimizer: \(error)") }
    do { _ = try schedule.map(ScheduleExpression.schedule) } catch { throw ValidationError("--schedule: \(error)") }
    guard clip ?? 1 > 0 else { throw ValidationError("--clip must be more than 0.") }
    guard labelSmoothing >= 0, labelSmoothing < 1 else {
      throw ValidationError("--label-smoothing must be from 0 to below 1.")
    }
  }

  /// The task of learning from batches.
  func task(metrics: [any Metric], next: @escaping () throws -> Batch?) throws -> TrainTask {
    TrainTask(
      loss: labelSmoothing > 0 ? CategoryCrossEntropy(labelSmoothing: labelSmoothing) : CrossEntropyLoss(),
      optimizer: try OptimizerExpression.optimizer(optimizer), schedule: try schedule.map(ScheduleExpression.schedule),
      clipNorm: clip, metrics: metrics, next: next)
  }

  /// What a run that is to go on must have been told, too, by option.
  var settings: [String: String] {
    let optimizer = (try? OptimizerExpression.optimizer(optimizer).expression) ?? optimizer
    return [
      "--optimizer": optimizer, "--schedule": schedule ?? "none", "--clip": clip.map { "\($0)" } ?? "none",
      "--label-smoothing": "\(labelSmoothing)",
    ]
  }
}
