import Files
import Filters
import Models
import Neural

/// Writes the model of a run, and its checkpoints.
struct ModelWriter {
  private let plan: RunPlan
  private let model: Model
  private let settings: RunSettings
  private let threshold: ThresholdTask?
  /// The model's file.
  let file: OutputFile
  /// The checkpoints beside it, where it is a regular file.
  var checkpoints: CheckpointFiles?

  init(_ plan: RunPlan, outputs: Outputs, model: Model, settings: RunSettings, threshold: ThresholdTask? = nil) {
    self.plan = plan
    self.model = model
    self.settings = settings
    self.threshold = threshold
    (file, checkpoints) = (outputs.model, outputs.checkpoints)
  }

  /// The path of a checkpoint of where a run is; nil where there can be none.
  func checkpoint(of loop: borrowing Loop) -> String? { checkpoints?.file(step: loop.trainer.step) }

  /// Removes the checkpoints that are not to be kept.
  func prune() throws(FileError) { try checkpoints?.prune(keeping: plan.checkpointCount) }

  /// The weights of the best evaluation so far, that of a step, are in the model file and nowhere else.
  /// - Throws: `Failure` that names the checkpoint when they are not there.
  func checkBest(_ step: Int, _ checkpoint: String) throws {
    let there = (try? Model(contentsOf: file.name))?.statistics["steps"] ?? 0
    guard there >= Double(step) else {
      throw Failure("\(checkpoint) needs the best model so far, of step \(step), which is not in \(file.name)")
    }
  }

  /// What there is of the run in files, for a message.
  func lastCheckpoint() throws(FileError) -> String {
    guard let checkpoints, checkpoints.earlier.isEmpty, let newest = try checkpoints.newest() else {
      return "no model is written"
    }
    return "the last checkpoint is \(newest)"
  }

  /// Writes the model at the end. Where that fails, all that was learned is kept in a checkpoint if there can be one.
  mutating func writeLastModel(_ loop: borrowing Loop, _ notes: [String: String]) throws {
    do {
      try writeModel(loop)
    } catch let error as FileError {
      guard let checkpoint = checkpoint(of: loop), (try? writeCheckpoint(loop, notes)) != nil else {
        throw error
      }
      throw Failure("\(error); the work is in \(checkpoint)")
    }
  }

  /// Writes the model as it is.
  mutating func writeModel(_ loop: borrowing Loop) throws {
    var model = model(loop)
    try check(model.layers.firstNonFiniteWeight, loop)
    model.precision = plan.precision
    if let threshold {
      // For what programs will read.
      var rounded = try model.asRead(file: file.name)
      try threshold.choose(for: &rounded, file: file.name)
      (model.threshold, model.statistics) = (rounded.threshold, rounded.statistics)
    }
    try model.write(to: file) { () throws(FileError) in checkpoints?.replaceEarlier() }
  }

  /// Writes a checkpoint, with notes among its settings; none where there can be none.
  mutating func writeCheckpoint(_ loop: borrowing Loop, _ notes: [String: String]) throws {
    guard let name = checkpoint(of: loop) else { return }
    let checkpoint = Checkpoint(loop, model: model(loop), settings: settings.noting(notes))
    try check(checkpoint.firstNonFiniteTensor, loop)
    try checkpoint.write(to: OutputFile(name)) { () throws(FileError) in checkpoints?.replaceEarlier() }
    try prune()
  }

  /// - Throws: `Failure` when a tensor is not finite: what it is part of is worth nothing.
  private func check(_ tensor: String?, _ loop: borrowing Loop) throws {
    guard let tensor else { return }
    throw Failure("\"\(tensor)\" is not finite after step \(loop.trainer.step); \(try lastCheckpoint())")
  }

  /// The model as it is, and its statistics. No times are among them: the same run gives the same file.
  private func model(_ loop: borrowing Loop) -> Model {
    var model = model
    model.layers = loop.trainer.model
    model.statistics = loop.history.last
    model.statistics["steps"] = Double(loop.trainer.step)
    model.statistics["seed"] = Double(plan.seed)
    return model
  }
}
