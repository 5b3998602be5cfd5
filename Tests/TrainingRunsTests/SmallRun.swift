import Files
import Foundation
import Models
import Neural
import Random
import TestSupport
import TrainingRuns

/// A run of a small model over batches in a file, with all its files in one folder.
struct SmallRun {
  /// Batches of two rows each, all different.
  static let lines = (0..<8).map { index in
    "{\"inputs\":[[\(1 + index % 5),2,3],[\(1 + index / 2),5,0]],\"targets\":[\(index % 2),1]}"
  }

  let folder: String
  var lines = Self.lines
  var evalLines: [String] = []
  var plan = RunPlan(seed: 1)
  var timing = Loop.Timing(reportEvery: 2, checkpointEvery: 3)
  var optimizer: any Optimizer = Adam(0.05)
  /// The option that needs epochs, if there is one.
  var epochsNeededBy: String?
  /// The run is told to stop when it has taken so many batches.
  var stopAfter: Int?
  /// How rows are shared out; by several ranks, each of which has a folder of its own here.
  var lanes = Lanes()
  /// Whether another thread reads the batches.
  var readsAhead = false
  /// The note of a run that was killed.
  var noteBefore: String?

  init(_ folder: String) { self.folder = folder }

  var model: String { "\(folder)/m" }

  static func layers() throws -> Serial {
    var layers = try LayerExpression().model("Embedding(6, 4) Dropout(0.2) Mean Dense(2) LogSoftmax")
    _ = try layers.initialize([1, 1], key: RandomKey(1))
    return layers
  }

  /// What a run comes to. Names of files are given without the folder.
  struct Result {
    var loop: Loop
    var messages: [String] = []
    /// The line with which a run that comes to its end ends.
    var ending: String?
    var error: String?
    var note = ""
  }

  /// Makes the run, or goes on from the newest checkpoint.
  func callAsFunction(resuming: Bool = false) throws -> Result {
    try write(lines, to: "\(folder)/batches")
    try write(evalLines, to: "\(folder)/evaluations")
    let layers = try Self.layers()
    let signature = try ModelSignature(layers)
    let stop = StopFlag()
    let batches = BatchStream(
      files: ["\(folder)/batches"], maxLine: 1 << 10, for: signature, epochsNeededBy: epochsNeededBy,
      exchange: lanes.exchange
    ) { stop.isSet }
    var taken = 0
    let task = TrainTask(optimizer: optimizer, lanes: lanes) {
      let batch = try batches.next()
      taken += 1
      if taken == stopAfter { stop.set() }
      return batch
    }
    let evaluations = BatchStream(
      files: ["\(folder)/evaluations"], maxLine: 1 << 10, for: signature, exchange: lanes.exchange)
    let evalTasks = evalLines.isEmpty ? [] : [try EvalTask(evaluations.read(nil))]
    let outputs = try Outputs(model: model, plot: "\(folder)/plot.svg", log: "\(folder)/log")
    let model = Model(layers: layers)
    let settings = RunSettings(
      learning: ["--optimizer": optimizer.expression], seed: plan.seed, model: model, metrics: task.metrics,
      evals: [("eval", evaluations.digest)])
    let standardOutput = try OutputFile("\(folder)/reports").openToAppend()
    defer { close(standardOutput) }

    var result = Result(
      loop: Loop(
        layers, task, evalTasks: evalTasks, timing: timing, key: RandomKey(plan.seed)))
    var messages: [String] = []
    func local(_ message: String) -> String { message.replacingOccurrences(of: "\(folder)/", with: "") }
    do {
      var run = try TrainingRun(
        plan, outputs: outputs, model: model, settings: settings, batches: batches, standardOutput: standardOutput
      ) { messages.append(local($0)) }
      if resuming, let newest = try outputs.checkpoints?.newest() { try run.resume(&result.loop, from: newest) }
      if let noteBefore { try run.takeBack(noteBefore) }
      result.note = run.note
      if readsAhead { try batches.readAhead() }
      try run.run(&result.loop)
    } catch {
      result.error = local("\(error)")
    }
    if messages.last?.hasSuffix("; m is written") ?? false || messages.last?.hasSuffix("; m holds the best") ?? false {
      result.ending = messages.removeLast()
    }
    result.messages = messages
    return result
  }

  /// The bytes of the model's file.
  func modelBytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: model)) }

  /// The model's file and its checkpoints, by name.
  func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("m") }.sorted()
  }

  /// The lines of the log or of standard output, without times.
  func reports(_ name: String = "log") throws -> [String] {
    try text(of: "\(folder)/\(name)").split(separator: "\n").map { $0.components(separatedBy: ",\"seconds\"")[0] }
  }
}
