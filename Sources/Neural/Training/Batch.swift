/// The arrays of one step.
public struct Batch: Sendable {
  /// Ids as exact floats, `[batch, time]`.
  public let inputs: Tensor
  /// Those of the other side, of models that take pairs, `[batch, time]` with a time of their own; nil for others.
  public let otherInputs: Tensor?
  /// Classes as exact floats, `[batch]`, or `[batch, time]` for a class at every step; or, of rows with several classes
  /// or none, a 1 or 0 for every class, `[batch, classes]`.
  public let targets: Tensor
  /// How much each target counts, of the targets' shape, or each row, `[batch]`; 0 for padding.
  public let weights: Tensor
  /// Whether the rows continue those of the batch before, so that recurrent layers go on with the state they carry.
  public let continues: Bool
  /// How often the data have been gone through when the batch has been used, this batch included; nil where that is not
  /// known.
  public let epoch: Int?

  /// - Parameters:
  ///   - inputs: Ids or numbers, `[rows, …]`.
  ///   - otherInputs: Those of the other side, of pairs.
  ///   - targets: Classes: `[rows]`, or `[rows, time]` of sequences; or `[rows, classes]` of 0 and 1.
  ///   - weights: How much each target counts, of the shape of the targets; `[rows]` where they are 0 and 1.
  ///   - continues: Whether the rows go on where those of the last batch ended.
  ///   - epoch: How often the data have been gone through with this batch, if that is known.
  public init(
    inputs: Tensor, otherInputs: Tensor? = nil, targets: Tensor, weights: Tensor, continues: Bool = false,
    epoch: Int? = nil
  ) {
    self.inputs = inputs
    self.otherInputs = otherInputs
    self.targets = targets
    self.weights = weights
    self.continues = continues
    self.epoch = epoch
  }

  /// What a model takes: the inputs, and of pairs those of the other side.
  public var tensors: [Tensor] { [inputs] + (otherInputs.map { [$0] } ?? []) }

  /// The sum of the weights; a batch of 0 says nothing of a model.
  public var weight: Double { weights.withValues { $0.reduce(0) { $0 + Double($1) } } }
}
