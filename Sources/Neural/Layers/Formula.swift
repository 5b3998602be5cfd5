/// What layers make of ids, as far as it can be said in these terms, so that the same can be worked out in another way.
///
/// A model of `Embedding Mean Dense LogSoftmax` is `.logSoftmax(.affine(.meanOverTime(.rows(lookup)), kernel, bias))`,
/// which `MeanClassifier` knows how to compute with products made beforehand. See `Layer.formula(of:)`.
public indirect enum Formula: Sendable {
  /// The ids that the model is given, `[batch, time]`.
  case ids
  /// A row of a table for every id, `[batch, time, depth]`.
  case rows(Lookup)
  /// The mean over the second axis, `[batch, time, depth]` to `[batch, depth]`.
  case meanOverTime(Formula)
  /// `x · kernel + bias`, over the last axis.
  case affine(Formula, kernel: Tensor, bias: Tensor?)
  /// Logarithms of probabilities, over the last axis.
  case logSoftmax(Formula)
  /// Logarithms of probabilities of classes each of which is there or not by itself.
  case logSigmoid(Formula)

  /// What the logarithms of probabilities are made of; nil where it makes something else.
  var logits: Formula? {
    switch self {
    case .logSoftmax(let logits), .logSigmoid(let logits): logits
    default: nil
    }
  }
}
