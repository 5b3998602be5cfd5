import Files
import Filters
import Models

/// The files that a run is told to write. They are looked at before the first step, so that hours of work do not end at
/// a file that can't be written.
public struct Outputs {
  /// The model.
  public let model: OutputFile
  /// The chart of the losses.
  public let plot: OutputFile?
  /// The reports, which go to standard output, too.
  public let log: OutputFile?
  /// Checkpoints stand beside the model, and beside a regular file only.
  public let checkpoints: CheckpointFiles?

  /// Finds out where the names lead, and that the files can be written. Nothing changes.
  /// - Parameters:
  ///   - model: The name of the model file.
  ///   - plot: The name of the chart's file.
  ///   - log: The name of the reports' file.
  ///   - inputs: What the run reads, each with what messages call it; `-` is standard input.
  ///   - replaceable: What the run reads that the model may replace, but nothing else.
  ///   - checkpointOptions: The options that were given and mean nothing without checkpoints.
  /// - Throws: `FileError` or `Failure` when one can't be written, is to hold two things, or is read, too.
  public init(
    model: String, plot: String? = nil, log: String? = nil, inputs: [(option: String, file: String)] = [],
    replaceable: [(option: String, file: String)] = [], checkpointOptions: [String] = []
  ) throws {
    self.model = try OutputFile(model)
    self.plot = try plot.map { name throws(FileError) in try OutputFile(name) }
    self.log = try log.map { name throws(FileError) in try OutputFile(name) }
    checkpoints = self.model.path == nil ? nil : try CheckpointFiles(model: model)
    if checkpoints == nil, let option = checkpointOptions.first {
      throw Failure("\(option) needs a --model that is a regular file, which \(model) is not")
    }
    try checkUses(inputs: inputs, replaceable: replaceable)
    let outputs = [self.model] + [self.plot, self.log].compactMap { $0 }
    for output in outputs { try output.check() }
    try checkpoints?.check()
  }

  /// Locks the model, so that no other run writes it; nil where that can't be.
  /// - Throws: `FileError` that names the process which writes it.
  public func lock() throws(FileError) -> FileLock? {
    guard let path = model.path else { return nil }
    return try FileLock.take(path, name: model.name)
  }

  private func checkUses(
    inputs: [(option: String, file: String)], replaceable: [(option: String, file: String)]
  ) throws(Failure) {
    let outputs =
      [("--model", model)]
      + [("--plot", plot), ("--log-file", log)].compactMap { name, file in
        file.map { (name, $0) }
      }
    for (index, (option, output)) in outputs.enumerated() {
      for (other, file) in outputs[..<index] where file.isSame(as: output) {
        throw Failure("\(output.name): \(other) and \(option) are the same file")
      }
      guard let path = output.path else { continue }
      let others = index == 0 ? inputs : inputs + replaceable
      for (other, file) in others where file == "-" ? Folder.isSame(path, descriptor: 0) : Folder.isSame(file, path) {
        throw Failure("\(output.name): \(option) would write over \(other)")
      }
      if index > 0, checkpoints?.isOurs(path) ?? false {
        throw Failure("\(output.name): \(option) has the name of a checkpoint of \(model.name)")
      }
    }
  }
}
