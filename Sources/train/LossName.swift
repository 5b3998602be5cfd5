import ArgumentParser
import Filters
import Models
import Neural

/// The losses that `--loss` names.
enum LossName: String, ExpressibleByArgument, CaseIterable {
  case crossEntropy = "cross-entropy"
  case binaryCrossEntropy = "binary-cross-entropy"

  /// The loss for the targets of a model's batches.
  init(for signature: ModelSignature) {
    switch signature.targetKind {
    case .classes: self = .crossEntropy
    case .labels: self = .binaryCrossEntropy
    }
  }

  /// - Throws: `Failure` that says what to do when the model's outputs are for another loss.
  func check(fits signature: ModelSignature) throws(Failure) {
    guard self != LossName(for: signature) else { return }
    switch self {
    case .crossEntropy:
      throw Failure(
        "--loss cross-entropy needs one class a row, but layers that end in LogSigmoid give several labels: let them end in LogSoftmax, or leave --loss out"
      )
    case .binaryCrossEntropy:
      throw Failure(
        "--loss binary-cross-entropy needs several labels a row, but the layers give one class: let them end in LogSigmoid"
      )
    }
  }

  /// The layer with which models for this loss end, as an expression.
  var outputLayer: String {
    switch self {
    case .crossEntropy: "LogSoftmax"
    case .binaryCrossEntropy: "LogSigmoid"
    }
  }
}
