/// The arrays of one step.
public struct Batch: Sendable {
  /// Ids as exact floats, `[batch, time]`.
  public let inputs: Tensor
  /// Classes as exact floats, `[batch]`, or `[batch, time]` for a class at every step.
  public let targets: Tensor
  /// How much each target counts, of the targets' shape; 0 for padding.
  public let weights: Tensor
  /// Whether the rows continue those of the batch before, so that recurrent layers go on with the state they carry.
  public let continues: Bool

  public init(inputs: Tensor, targets: Tensor, weights: Tensor, continues: Bool = false) {
    self.inputs = inputs
    self.targets = targets
    self.weights = weights
    self.continues = continues
  }
}
