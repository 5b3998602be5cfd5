import Neural
import Random

/// A training run of a few weights, for tests of what happens in runs.
public enum SmallRun {
  /// Eight rows of three ids, of class 1 where the first id is 5 or more.
  public static func batch(_ seed: Int) -> Batch {
    let ids = RandomKey(UInt64(seed)).uniform(8 * 3, 0, 9).map { $0.rounded(.down) }
    let targets = (0..<8).map { ids[3 * $0] < 5 ? Float(0) : 1 }
    return Batch(
      inputs: Tensor(ids, shape: [8, 3]), targets: Tensor(targets), weights: Tensor(repeating: 1, shape: [8]))
  }

  /// A run over batches 0, 1, 2, …
  public static func loop(
    _ timing: Loop.Timing = .init(reportEvery: 3, evalEvery: 4, checkpointEvery: 5), from first: Int = 0,
    end: Int = .max, best: Loop.Criterion = .init("loss", isHighest: false), optimizer: any Optimizer = Adam(0.05),
    evalTasks: Int = 1
  ) throws -> Loop {
    var model = try LayerExpression().model("Embedding(9, 4) Dropout(0.2) Mean Dense(2) LogSoftmax")
    _ = try model.initialize([1, 1], key: RandomKey(1))
    var next = first
    let task = TrainTask(optimizer: optimizer, clipNorm: 1) {
      defer { next += 1 }
      return next < end ? batch(next) : nil
    }
    let evals = try (0..<evalTasks).map { try EvalTask(name: "eval\($0)", [batch(1000 + $0), batch(2000)]) }
    return Loop(model, task, evalTasks: evals, timing: timing, best: best, key: RandomKey(2))
  }
}
