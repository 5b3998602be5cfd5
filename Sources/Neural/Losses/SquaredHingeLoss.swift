/// One class against the rest, by squared hinges, for every class: with the outputs less their mean `z = y − mean y`,
///
///     L = Σ w (h(z[t])² + Σ_{k ≠ t} h(−z[k])² / (classes − 1)) · classes / 2 / Σ w        t the target
///
///     h(s) = max(0, 1 − 2 s / margin)      what is missing of half the margin
///
///     y        [..., classes]  scores, or log probabilities: only their differences count
///     targets  [...]           classes as exact floats
///     weights  [...]           0 for padding
///
/// The loss of linear support vector machines: what is right by the margin has no gradient. Of two classes h is what is missing
/// of the margin between them; behind a LogSoftmax that asks for odds of e^margin. The right class counts as much as all others
/// together, so that with the weights of balanced classes each of the binary problems is balanced.
///
/// Sources: scikit-learn's `LinearSVC(class_weight="balanced")`; the scores with the sum 0: Y. Lee, Y. Lin, G. Wahba,
/// Multicategory Support Vector Machines, 2004.
public struct SquaredHingeLoss: Loss, Equatable {
  /// By how much the right class is to be above the others; of more than two, twice by how much above their mean.
  public internal(set) var margin: Float

  /// - Parameter margin: By how much the right class is to be above the others.
  /// - Precondition: `margin` is above 0.
  public init(margin: Float = 4) {
    precondition(margin > 0, "a margin is above 0, not \(margin)")
    self.margin = margin
  }

  static let declaration = Declaration(
    "SquaredHinge", SquaredHingeLoss(), .number("margin", \.margin, .positive) { $0.margin = $1 })

  public var name: String { "SquaredHingeLoss" }

  /// The loss and its gradient with respect to the outputs.
  /// - Precondition: The outputs are of classes, not a chain of them.
  public func callAsFunction(_ y: Tensor, targets: Tensor, weights: Tensor) -> (loss: Float, gradient: Tensor) {
    precondition(!y.isChain(of: targets), "\(name) is of classes, not of a chain of them")
    let (scale, classes) = (inverseSum(weights), y.depth)
    let (share, half) = (1 / Float(max(classes - 1, 1)), Float(classes) / 2)
    var loss = 0.0
    var gradient = Tensor(repeating: 0, shape: y.shape)
    gradient.withMutableValues { gradient in
      y.withValues { values in
        forEachTarget(y, targets, weights) { row, target, weight in
          let range = row * classes..<(row + 1) * classes
          let mean = values[range].reduce(0, +) / Float(classes)
          var sum: Float = 0
          for index in range {
            let isRight = index == range.lowerBound + target
            let sign: Float = isRight ? 1 : -1
            let missing = max(0, 1 - sign * (values[index] - mean) * 2 / margin)
            let part = weight * half * (isRight ? 1 : share)
            loss += Double(part * missing * missing)
            gradient[index] = -4 * sign * part * missing / margin * scale
            sum += gradient[index]
          }
          for index in range { gradient[index] -= sum / Float(classes) }
        }
      }
    }
    return (Float(loss) * scale, gradient)
  }
}
