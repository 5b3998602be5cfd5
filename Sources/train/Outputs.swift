import Files
import Filters
import Models

/// The files that a run is told to write. They are looked at before the first step, so that hours of work do not end at
/// a file that can't be written.
struct Outputs {
  let model: OutputFile
  let plot: OutputFile?
  let log: OutputFile?
  /// Checkpoints stand beside the model, and beside a regular file only.
  let checkpoints: CheckpointFiles?

  /// - Throws: `FileError` or `Failure` when one can't be written, is to hold two things, or is read, too.
  init(_ options: Train, model: String) throws {
    self.model = try OutputFile(model)
    plot = try options.runOptions.plot.map { name throws(FileError) in try OutputFile(name) }
    log = try options.runOptions.logFile.map { name throws(FileError) in try OutputFile(name) }
    checkpoints = self.model.path == nil ? nil : try CheckpointFiles(model: model)
    try checkUses(options)
    let outputs = [self.model] + [plot, log].compactMap { $0 }
    for output in outputs { try output.check() }
    try checkpoints?.check()
  }

  /// Locks the model, so that no other run writes it; nil where that can't be.
  /// - Throws: `FileError` that names the process which writes it.
  func lock() throws(FileError) -> FileLock? {
    guard let path = model.path else { return nil }
    return try FileLock.take(path, name: model.name)
  }

  private func checkUses(_ options: Train) throws {
    let run = options.runOptions
    if checkpoints == nil {
      for (option, isGiven) in [
        ("--checkpoint-every", run.checkpointEvery != nil), ("--keep", run.keep != nil), ("--resume", run.resume),
        ("--best", run.best != nil),
      ] where isGiven {
        throw Failure("\(option) needs a --model that is a regular file, which \(model.name) is not")
      }
    }
    let outputs =
      [("--model", model)]
      + [("--plot", plot), ("--log-file", log)].compactMap { name, file in
        file.map { (name, $0) }
      }
    let inputs =
      (options.input.files.isEmpty ? ["-"] : options.input.files).map { ("the input", $0) }
      + run.evalFiles.map { ("--eval", $0.file) }
      + [("--vocab", options.modelOptions.vocab)].compactMap { name, file in file.map { (name, $0) } }
    for (index, (option, output)) in outputs.enumerated() {
      for (other, file) in outputs[..<index] where file.isSame(as: output) {
        throw Failure("\(output.name): \(other) and \(option) are the same file")
      }
      guard let path = output.path else { continue }
      for (other, file) in inputs where file == "-" ? Folder.isSame(path, descriptor: 0) : Folder.isSame(file, path) {
        throw Failure("\(output.name): \(option) would write over \(other)")
      }
      if index > 0, checkpoints?.isOurs(path) ?? false {
        throw Failure("\(output.name): \(option) has the name of a checkpoint of \(model.name)")
      }
    }
  }
}
