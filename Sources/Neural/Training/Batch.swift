/// The arrays of one step.
public struct Batch: Sendable {
  /// Ids as exact floats, `[batch, time]`.
  public let inputs: Tensor
  /// Classes as exact floats, `[batch]`.
  public let targets: Tensor
  /// How much each target counts, `[batch]`; 0 for padding.
  public let weights: Tensor

  public init(inputs: Tensor, targets: Tensor, weights: Tensor) {
    self.inputs = inputs
    self.targets = targets
    self.weights = weights
  }
}
