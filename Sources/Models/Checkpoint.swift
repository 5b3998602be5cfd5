import Files
import JSONLines
import Neural

/// A training run at a moment, from which it can go on as if it had never stopped: the model with all its state, the
/// optimizer's slots, the step, the history, and what the run was told to do.
///
/// It is a `.safetensors` file like a model's, and can be used as one. Its numbers are never rounded.
public struct Checkpoint {
  /// The model, with what its layers carry.
  public let model: Model
  /// The steps made.
  public let step: Int
  /// What the run depends on, as text, for comparison: the optimizer, the seed and the like.
  public let settings: [String: String]
  private let slots: [[Tensor]]
  /// The tables with rows that are behind, as the steps go on from them, by their indices among the weights.
  private let tables: [Int: Tensor]
  private let history: History
  private let best: (step: Int, value: Float)?
  private let evaluationsSinceBest: Int
  private let recent: [Double]

  /// The moment after a step of a run.
  public init(_ loop: borrowing Loop, model: Model, settings: [String: String]) {
    self.model = model
    self.settings = settings
    step = loop.trainer.step
    slots = loop.trainer.slots
    let running = loop.trainer.running.weights
    tables = Dictionary(uniqueKeysWithValues: loop.trainer.tables.map { ($0, running[$0].value) })
    history = loop.history
    best = loop.best
    evaluationsSinceBest = loop.evaluationsSinceBest
    recent = loop.recent
  }

  /// Writes the file as one unit. The same run gives the same bytes.
  public func write(to file: String) throws(FileError) { try write(to: try OutputFile(file)) }

  /// Writes the file as one unit and calls `isWhole` before it takes its name.
  public func write(
    to file: OutputFile, isWhole: () throws(FileError) -> Void = { () throws(FileError) in }
  ) throws(FileError) {
    var contents = model.contents
    contents.precision = .single
    contents.metadata["run"] = String(decoding: run, as: UTF8.self)
    for (index, (name, slots)) in zip(model.layers.weights.map(\.name), slots).enumerated() {
      for (index, slot) in slots.enumerated() { contents.tensors.append(("slots.\(name).\(index)", slot)) }
      if let table = tables[index] { contents.tensors.append(("behind.\(name)", table)) }
    }
    try contents.write(to: file, isWhole: isWhole)
  }

  /// The first of the weights, of the tensors of state and of the optimizer's slots that holds a number which is not
  /// finite; nil when all are. A run with one does not recover.
  public var firstNonFiniteTensor: String? {
    if let name = model.layers.firstNonFiniteWeight { return name }
    for (name, slots) in zip(model.layers.weights.map(\.name), slots) where !slots.allSatisfy(\.isFinite) {
      return "slots.\(name)"
    }
    return nil
  }

  private var run: [UInt8] {
    var run: [UInt8] = []
    run.appendObject { run in
      run.add("step", step)
      run.add("settings", object: { $0.addSorted(settings) })
      run.add("best") {
        $0.appendJSON(list: best.map { [Double($0.step), Double($0.value)] } ?? []) { $0.appendJSON($1) }
      }
      run.add("evaluations_since_best", evaluationsSinceBest)
      run.add("recent") { $0.appendJSON(list: recent) { $0.appendJSON($1) } }
      run.add("history") { history.appendJSON(to: &$0) }
    }
    return run
  }

  /// Reads a file.
  /// - Throws: `FileError` when it can't be read or is no checkpoint of ours.
  public init(contentsOf file: String) throws(FileError) {
    let contents = try SafeTensors(contentsOf: file)
    guard let text = contents.metadata["run"] else { throw FileError(file, "a model, but no checkpoint of a run") }
    model = try Model(contents, file: file)
    var read: Run?
    try contents.read(text, of: "run", in: file) { read = Run($0) }
    guard let read else { throw FileError(file, "its run can't be read") }
    (step, settings, best, evaluationsSinceBest, recent, history) = (
      read.step, read.settings, read.best, read.evaluationsSinceBest, read.recent, read.history
    )
    let tensors = contents.byName
    var (slots, tables): ([[Tensor]], [Int: Tensor]) = ([], [:])
    for (index, (name, _)) in model.layers.weights.enumerated() {
      slots.append([])
      while let slot = tensors["slots.\(name).\(slots[index].count)"] { slots[index].append(slot) }
      tables[index] = tensors["behind.\(name)"]
      // The last slot of a table with rows that are behind holds where they stand, in the bits of floats.
      let numbers = slots[index].dropLast(tables[index] == nil ? 0 : 1) + [tables[index] ?? .empty]
      guard numbers.allSatisfy(\.isFinite) else {
        throw FileError(file, "the optimizer's slots of \"\(name)\" hold a number that is not finite")
      }
    }
    (self.slots, self.tables) = (slots, tables)
  }

  /// Puts a run where this one was.
  /// - Throws: `FileError` naming `file` when the slots are not those of the run's optimizer.
  public func restore(_ loop: inout Loop, file: String) throws(FileError) {
    let fits = zip(slots, loop.trainer.slots).allSatisfy { $0.map(\.shape) == $1.map(\.shape) }
    let weights = model.layers.weights.map(\.value.shape)
    guard fits, tables.keys.sorted() == loop.trainer.tables, tables.allSatisfy({ weights[$0] == $1.shape }),
      slots.count == loop.trainer.slots.count
    else {
      throw FileError(file, "its slots are not those of the optimizer")
    }
    guard recent.count == loop.recent.count else { throw FileError(file, "its metrics are not those of the run") }
    var running = model.layers
    var index = 0
    running.visitWeights { _, weight in
      weight = tables[index] ?? weight
      index += 1
    }
    loop.trainer.restore(step: step, running: running, slots: slots)
    loop.history = history
    loop.best = best
    loop.evaluationsSinceBest = evaluationsSinceBest
    loop.recent = recent
  }
}

/// The run of a checkpoint as it is read. Every number is checked: nothing that a file says is taken for a step, a
/// count or an index before.
private struct Run {
  let step: Int, settings: [String: String]
  let best: (step: Int, value: Float)?, evaluationsSinceBest: Int, recent: [Double], history: History

  /// Nil for what no checkpoint of ours says.
  init?(_ run: JSON) {
    // Random keys are made of steps, and have 32 bits; a run goes on.
    let steps = 1...Int(Int32.max)
    guard let step = run["step"]?.integer, steps ~= step, let settings = run["settings"]?.texts,
      let best = run["best"]?.items, let since = run["evaluations_since_best"]?.integer, since >= 0,
      let recent = run["recent"]?.numbers, let history = run["history"].flatMap(History.init)
    else { return nil }
    if best.isEmpty {
      self.best = nil
    } else {
      guard best.count == 2, let step = best[0].integer, steps ~= step, let value = best[1].number.map({ Float($0) }),
        value.isFinite
      else { return nil }
      self.best = (step, value)
    }
    (self.step, self.settings, evaluationsSinceBest, self.recent, self.history) = (
      step, settings, since, recent, history
    )
  }
}
