import Filters
import Neural
import Records

/// A training run: steps, and the reports of them.
struct TrainingSession {
  private(set) var trainer: Trainer
  /// The figures of the last reports, for the model file. No times are among them: the same run gives the same file.
  private(set) var figures: [String: Double] = [:]
  private let isLanguageModel: Bool
  private let evalBatches: [Batch]
  private let options: Train
  private let start = Progress.seconds()
  private var recent = (loss: 0.0, accuracy: 0.0, steps: 0.0)

  init(isLanguageModel: Bool, trainer: Trainer, evalBatches: [Batch], options: Train) {
    self.isLanguageModel = isLanguageModel
    self.trainer = trainer
    self.evalBatches = evalBatches
    self.options = options
  }

  /// Makes a step with every batch, up to the number asked for.
  mutating func run(_ batches: inout BatchStream) throws {
    var output = Output.standard(unbuffered: true)
    var progress = Progress(unit: "steps", isShown: !options.input.quiet, total: options.steps)
    while trainer.step < options.steps ?? .max, let batch = try batches.next() {
      let (loss, accuracy) = trainer.train(on: batch)
      guard loss.isFinite else {
        throw Failure(
          RecordError("the loss is not finite at step \(trainer.step); no model is written"), in: batches.line!)
      }
      recent.loss += Double(loss)
      recent.accuracy += Double(accuracy)
      recent.steps += 1
      if trainer.step % options.reportEvery == 0 { try reportTraining(&output) }
      if let every = options.evalEvery, trainer.step % every == 0 { try reportEvaluation(&output) }
      progress.show(trainer.step, note: "loss \(loss)")
    }
    progress.clear()
    guard trainer.step > 0 else { throw Failure("there were no batches, so there is no model") }
    if let steps = options.steps, trainer.step < steps {
      report("the batches ended after \(trainer.step) of \(steps) steps")
    }
    if recent.steps > 0 { try reportTraining(&output) }
    let isEvaluated = options.evalEvery.map { trainer.step % $0 == 0 } ?? false
    if !evalBatches.isEmpty, !isEvaluated { try reportEvaluation(&output) }
    figures["steps"] = Double(trainer.step)
  }

  private mutating func reportTraining(_ output: inout Output) throws {
    let (loss, accuracy) = (Float(recent.loss / recent.steps), Float(recent.accuracy / recent.steps))
    recent = (0, 0, 0)
    try write("train", loss, accuracy, &output)
  }

  private mutating func reportEvaluation(_ output: inout Output) throws {
    let (loss, accuracy) = trainer.evaluate(evalBatches)
    try write("eval", loss, accuracy, &output)
  }

  private mutating func write(_ split: String, _ loss: Float, _ accuracy: Float, _ output: inout Output) throws {
    figures["\(split)_loss"] = Double(loss)
    figures["\(split)_accuracy"] = Double(accuracy)
    output.bytes.append("{\"step\":")
    output.bytes.appendJSON(trainer.step)
    output.bytes.append(",\"split\":")
    output.bytes.appendJSON(split)
    output.bytes.append(",\"loss\":")
    output.bytes.appendJSON(loss)
    output.bytes.append(",\"learning_rate\":")
    output.bytes.appendJSON(trainer.schedule(trainer.step))
    output.bytes.append(",\"metrics\":{\"accuracy\":")
    output.bytes.appendJSON(accuracy)
    if isLanguageModel {
      output.bytes.append(",\"log_perplexity\":")
      output.bytes.appendJSON(loss)
    }
    output.bytes.append("},\"seconds\":")
    output.bytes.appendJSON(((Progress.seconds() - start) * 1000).rounded() / 1000)
    output.bytes.append("}\n")
    // Somebody who looked at the first reports only does not want to lose the model.
    do throws(FileError) {
      try output.flush()
    } catch {
      if !error.isClosedReader { throw error }
    }
  }
}
