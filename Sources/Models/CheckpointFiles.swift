import Files

/// The checkpoints of a model file, `MODEL.checkpoint-STEP` beside it.
///
/// All that are there are always of one run: those of an earlier run stay until this one has written a file that is
/// whole, and go just before it takes its name. The latest step is therefore the newest checkpoint.
public struct CheckpointFiles {
  private let model: String
  /// The checkpoints of an earlier run, which this one is to replace, from the first to the latest.
  public private(set) var earlier: [String] = []

  /// Finds the checkpoints of a model's file.
  /// - Throws: `FileError` when the folder can't be read.
  public init(model: String) throws(FileError) {
    self.model = model
    earlier = try steps().map(file)
  }

  /// The path of the checkpoint of a step.
  public func file(step: Int) -> String { "\(model).checkpoint-\(step)" }

  /// The checkpoint of the latest step, or nil.
  /// - Throws: `FileError` when the folder can't be read.
  public func newest() throws(FileError) -> String? { try steps().last.map(file) }

  /// Whether a path is that of a checkpoint of the model.
  public func isOurs(_ path: String) -> Bool {
    step(of: Folder.name(of: path)) != nil && Folder.isSame(Folder.path(of: path), Folder.path(of: model))
  }

  /// Finds out that a checkpoint could be written, and removes what writers that were killed have left.
  /// - Throws: `FileError` when none can be.
  public func check() throws(FileError) {
    try OutputFile(file(step: .max)).check()
    TemporaryFile.removeLeftovers(beside: model) { step(of: $0) != nil }
  }

  /// The checkpoints that are there are those of the run that goes on.
  public mutating func goOn() { earlier = [] }

  /// Removes the checkpoints of an earlier run.
  public mutating func replaceEarlier() {
    for file in earlier { Folder.remove(file) }
    earlier = []
  }

  /// Removes all checkpoints but the `count` newest.
  /// - Throws: `FileError` when the folder can't be read.
  public func prune(keeping count: Int) throws(FileError) {
    for step in try steps().dropLast(count) { Folder.remove(file(step: step)) }
  }

  /// The steps of the checkpoints that are there, from the first to the latest.
  private func steps() throws(FileError) -> [Int] {
    try Folder.names(beside: model).compactMap(step).sorted()
  }

  /// The step of a checkpoint's name, nil for the names of other files.
  private func step(of name: String) -> Int? {
    let prefix = "\(Folder.name(of: model)).checkpoint-"
    guard name.hasPrefix(prefix), let step = Int(name.dropFirst(prefix.count)), step > 0 else { return nil }
    return "\(prefix)\(step)" == name ? step : nil
  }
}
