import ArgumentParser
import Filters
import Models
import Neural

/// The losses that `--loss` names.
enum LossName: ExpressibleByArgument, Equatable {
  case crossEntropy
  case binaryCrossEntropy
  case squaredHinge(SquaredHingeLoss)
  case triplet(TripletLoss)

  init?(argument: String) {
    switch argument {
    case "cross-entropy": self = .crossEntropy
    case "binary-cross-entropy": self = .binaryCrossEntropy
    default:
      if let loss = try? LossExpression.squaredHinge(argument) {
        self = .squaredHinge(loss)
      } else if let loss = try? LossExpression.tripletLoss(argument) {
        self = .triplet(loss)
      } else {
        return nil
      }
    }
  }

  static let allValueStrings = [
    "cross-entropy", "binary-cross-entropy", "SquaredHinge(margin: 4)",
    "TripletLoss(margin: 0.25, hardest: any|below-positive)",
  ]

  /// How it is written.
  var expression: String {
    switch self {
    case .crossEntropy: "cross-entropy"
    case .binaryCrossEntropy: "binary-cross-entropy"
    case .squaredHinge(let loss): loss.expression
    case .triplet(let loss): loss.expression
    }
  }

  /// The loss for the targets of a model's batches.
  init(for signature: ModelSignature) {
    switch signature.targetKind {
    case .classes: self = .crossEntropy
    case .labels: self = .binaryCrossEntropy
    case .duplicates: self = .triplet(TripletLoss())
    }
  }

  /// - Throws: `Failure` that says what to do when the model's outputs are for another loss.
  func check(fits signature: ModelSignature) throws(Failure) {
    switch (self, LossName(for: signature)) {
    case (.triplet, .triplet): return
    case (let given, let needed) where given == needed: return
    case (.squaredHinge, .crossEntropy) where !signature.isSequence: return
    case (_, .triplet):
      throw Failure(
        "--loss: layers that give two vectors are for TripletLoss; DotProduct Logistic behind Siamese[…] give the probabilities of labels"
      )
    case (.triplet, _):
      throw Failure("--loss TripletLoss needs layers that give two vectors: Siamese[…] and nothing behind it")
    default: break
    }
    switch self {
    case .triplet: break
    case .squaredHinge:
      throw Failure(
        "--loss \(SquaredHingeLoss().expression) needs one class a row: layers that end in LogSoftmax and give no class for every step"
      )
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
    case .crossEntropy, .squaredHinge: "LogSoftmax"
    case .binaryCrossEntropy: "LogSigmoid"
    case .triplet: ""
    }
  }
}
