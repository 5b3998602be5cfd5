import Models

/// How long a run lasts, and what is kept of it.
public struct RunPlan: Sendable {
  /// The number of the last step; nil for as many as there are batches.
  public var steps: Int?
  /// How often the data are gone through at the most; nil for as often as there are batches. Batches must count epochs.
  public var epochs: Int?
  /// Whether the model file is to hold the weights of the best evaluation instead of the last.
  public var keepsBest: Bool
  /// How many checkpoints are kept, the newest.
  public var checkpointCount: Int
  /// How the model file keeps its numbers. Checkpoints keep all of them.
  public var precision: FilePrecision
  /// The seed of all random numbers of the run.
  public var seed: UInt64
  /// Whether nothing but errors and warnings is said.
  public var isQuiet: Bool

  /// - Parameters: See the properties.
  public init(
    steps: Int? = nil, epochs: Int? = nil, keepsBest: Bool = false, checkpointCount: Int = 1,
    precision: FilePrecision = .single, seed: UInt64, isQuiet: Bool = false
  ) {
    self.steps = steps
    self.epochs = epochs
    self.keepsBest = keepsBest
    self.checkpointCount = checkpointCount
    self.precision = precision
    self.seed = seed
    self.isQuiet = isQuiet
  }
}
